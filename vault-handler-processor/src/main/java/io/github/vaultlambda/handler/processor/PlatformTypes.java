package io.github.vaultlambda.handler.processor;

import java.util.List;
import java.util.Set;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/** The classes of Java and of this library, of which it is known whether a secret is made into them; of a user's it is not. */
final class PlatformTypes {
    /** What a secret is made into, by the library itself or by Jackson; besides it, collections and maps. */
    static final Set<String> BOUND = Set.of(
            SecretTypes.OPTIONAL,
            SecretTypes.RESPONSE,
            "io.github.vaultlambda.client.SecretValue",
            "java.io.File",
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.CharSequence",
            "java.lang.Character",
            "java.lang.Double",
            "java.lang.Float",
            "java.lang.Integer",
            "java.lang.Iterable",
            "java.lang.Long",
            "java.lang.Number",
            "java.lang.Object",
            "java.lang.Short",
            "java.lang.String",
            "java.lang.StringBuffer",
            "java.lang.StringBuilder",
            "java.math.BigDecimal",
            "java.math.BigInteger",
            "java.net.InetAddress",
            "java.net.InetSocketAddress",
            "java.net.URI",
            "java.net.URL",
            "java.nio.ByteBuffer",
            "java.nio.charset.Charset",
            "java.nio.file.Path",
            "java.sql.Date",
            "java.sql.Timestamp",
            "java.time.Duration",
            "java.time.Instant",
            "java.time.LocalDate",
            "java.time.LocalDateTime",
            "java.time.LocalTime",
            "java.time.MonthDay",
            "java.time.OffsetDateTime",
            "java.time.OffsetTime",
            "java.time.Period",
            "java.time.Year",
            "java.time.YearMonth",
            "java.time.ZoneId",
            "java.time.ZoneOffset",
            "java.time.ZonedDateTime",
            "java.util.Calendar",
            "java.util.Currency",
            "java.util.Date",
            "java.util.GregorianCalendar",
            "java.util.Locale",
            "java.util.TimeZone",
            "java.util.UUID",
            "java.util.concurrent.atomic.AtomicBoolean",
            "java.util.concurrent.atomic.AtomicInteger",
            "java.util.concurrent.atomic.AtomicLong",
            "java.util.concurrent.atomic.AtomicReference",
            "java.util.regex.Pattern");

    private static final List<String> PACKAGES = List.of(
            "java.",
            "javax.",
            "io.github.vaultlambda.auth.",
            "io.github.vaultlambda.client.",
            "io.github.vaultlambda.config.",
            "io.github.vaultlambda.handler.",
            "io.github.vaultlambda.http.",
            Names.SECRETS);

    private PlatformTypes() {}

    /** Whether the class of this name is one of them. */
    static boolean isOne(String name) {
        for (String start : PACKAGES) {
            if (name.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is one of them that a secret is made into. */
    static boolean isBound(TypeElement element) {
        String name = element.getQualifiedName().toString();
        return BOUND.contains(name) || (name.startsWith("java.util.") && isCollection(element));
    }

    private static boolean isCollection(TypeElement element) {
        String name = element.getQualifiedName().toString();
        if (name.equals("java.util.Collection") || name.equals("java.util.Map")) {
            return true;
        }
        for (TypeMirror each : element.getInterfaces()) {
            if (isCollection((TypeElement) ((DeclaredType) each).asElement())) {
                return true;
            }
        }
        return element.getSuperclass() instanceof DeclaredType parent && isCollection((TypeElement) parent.asElement());
    }
}
