package io.github.vaultlambda.testkit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A role of Vault's AWS auth method: who may log in, and what the token can do. Immutable. */
public final class AwsRole {
    private final String name;
    private final Map<String, Object> fields;

    private AwsRole(Builder builder) {
        this.name = builder.name;
        this.fields = Map.copyOf(builder.fields);
    }

    /** A role called {@code name}; it needs {@link Builder#boundTo} at least. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The role's name. */
    public String name() {
        return name;
    }

    /** What is sent to {@code auth/<mount>/role/<name>}. */
    public Map<String, Object> fields() {
        return fields;
    }

    /** Collects the role's settings; not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Map<String, Object> fields = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
            fields.put("auth_type", "iam");
            fields.put("resolve_aws_unique_ids", false);
        }

        /** IAM principals that may log in; an ARN may end in a star. */
        public Builder boundTo(String... principalArns) {
            fields.put("bound_iam_principal_arn", List.of(principalArns));
            return this;
        }

        /** Policies of the token, beside {@code default}. */
        public Builder policies(String... policies) {
            fields.put("token_policies", List.of(policies));
            return this;
        }

        /** Life of a token, in whole seconds; without it 768 hours. */
        public Builder ttl(Duration ttl) {
            fields.put("token_ttl", ttl.toSeconds());
            return this;
        }

        /** How long renewals may keep a token alive, in whole seconds. */
        public Builder maxTtl(Duration maxTtl) {
            fields.put("token_max_ttl", maxTtl.toSeconds());
            return this;
        }

        /** Makes periodic tokens, which renewals keep alive for ever. */
        public Builder period(Duration period) {
            fields.put("token_period", period.toSeconds());
            return this;
        }

        /** How many requests a token serves; 0 is without limit. */
        public Builder numUses(int uses) {
            fields.put("token_num_uses", uses);
            return this;
        }

        /** Makes batch tokens, which can be neither renewed nor revoked. */
        public Builder batch() {
            fields.put("token_type", "batch");
            return this;
        }

        /** The role. */
        public AwsRole build() {
            return new AwsRole(this);
        }
    }
}
