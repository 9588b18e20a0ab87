#!/bin/sh
# Makes TARGET_DIR a home for native-image builds (use it as GRAALVM_HOME) from a stock JDK 25, the image builder's jars from
# Maven Central and the C files in this folder. Run it again at any time; it rebuilds what it made and nothing else.
# Usage: assemble.sh TARGET_DIR      Environment: JDK25_HOME (a JDK 25), SVM_VERSION (25.0.2), MVN (mvn), CC (gcc)
set -eu

[ $# -eq 1 ] || { echo "usage: $0 TARGET_DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
version=${SVM_VERSION:-25.0.2}
cc=${CC:-gcc}
mvn=${MVN:-mvn}
fail() { echo "assemble: $*" >&2; exit 1; }
say() { echo "assemble: $*"; }

# --- what has to be there
[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || fail "only Linux on x86-64 is supported"
missing=
command -v "$cc" >/dev/null 2>&1 || missing="gcc"
command -v readelf >/dev/null 2>&1 && command -v nm >/dev/null 2>&1 && command -v ar >/dev/null 2>&1 || missing="$missing binutils"
if command -v "$cc" >/dev/null 2>&1; then
  echo '#include <zlib.h>' | "$cc" -E -x c - >/dev/null 2>&1 || missing="$missing zlib1g-dev"
  echo '#include <stdio.h>' | "$cc" -E -x c - >/dev/null 2>&1 || missing="$missing libc6-dev"
fi
[ -z "$missing" ] || fail "missing:$missing. On Debian or Ubuntu: apt-get install gcc zlib1g-dev"
command -v "$mvn" >/dev/null 2>&1 || fail "mvn is needed to get the builder's jars"

is25() { [ -f "$1/release" ] && [ -x "$1/bin/javac" ] && grep -Eq '^JAVA_VERSION="25[.".]' "$1/release"; }
jdk=${JDK25_HOME:-}
if [ -n "$jdk" ]; then
  is25 "$jdk" || fail "JDK25_HOME is no JDK 25: $jdk"
else
  for dir in "${JAVA_HOME:-/nonexistent}" /usr/lib/jvm/*; do
    if is25 "$dir"; then jdk=$dir; break; fi
  done
  [ -n "$jdk" ] || fail "no JDK 25 found under /usr/lib/jvm; set JDK25_HOME"
fi
jdk=$(cd "$jdk" && pwd -P)
say "JDK: $jdk ($(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$jdk/release"))"

mkdir -p "$1"
home=$(cd "$1" && pwd -P)
[ ! -e "$home/release" ] || [ -f "$home/lib/svm/assembled.properties" ] || [ -f "$home/.assembling" ] || fail "$home holds something else"
[ "$home" != "$jdk" ] || fail "the target must not be the JDK itself"
: > "$home/.assembling"

# --- the JDK: programs and libraries are copied (the JVM finds its home by them), the large data is linked
for dir in bin lib; do rm -rf "${home:?}/$dir"; done
mkdir -p "$home/bin" "$home/lib"
cp -p "$jdk"/bin/* "$home/bin/"
for f in "$jdk"/lib/*; do
  case ${f##*/} in
    modules | src.zip | ct.sym | tzdb.dat | classlist | jfr | security | psfont*) ln -s "$f" "$home/lib/" ;;
    libsaproc.so) ;;
    *) cp -pR "$f" "$home/lib/" ;;
  esac
done
for f in conf include legal man NOTICE; do
  rm -rf "${home:?}/$f"
  if [ -e "$jdk/$f" ]; then ln -s "$jdk/$f" "$home/$f"; fi
done
cp "$jdk/release" "$home/release"
say "JDK laid out in $home"

# --- the builder's jars
svm=$home/lib/svm
mkdir -p "$svm/builder/lib" "$svm/upgrade" "$svm/clibraries/include" "$svm/shared" "$svm/work"
"$mvn" -q -B -f "$here/pom.xml" -Dsvm.version="$version" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$svm/builder" \
  || fail "mvn could not get org.graalvm.nativeimage:svm:$version"
mv "$svm/builder/compiler-$version.jar" "$svm/upgrade/"
say "builder jars: $(ls "$svm/builder" "$svm/upgrade" | grep -c '\.jar$')"

# --- tables from the jars
java=$home/bin/java
jars=$(find "$svm/builder" "$svm/upgrade" -name '*.jar' | tr '\n' ':')
"$java" "$here/java/CpuHeaders.java" "$svm/builder/svm-$version.jar" "$svm/clibraries/include"
mkdir "$svm/work/all" && cp "$svm"/builder/*.jar "$svm"/upgrade/*.jar "$svm/work/all/"
"$java" --add-modules=ALL-DEFAULT "$here/java/ModuleExports.java" "$svm/work/all" "$svm/exports.args"
"$java" -XX:+UnlockExperimentalVMOptions -XX:+EnableJVMCI -cp "$jars" "$here/java/ApiOptions.java" "$svm/api-options.tsv"
say "tables: $(wc -l < "$svm/exports.args") exports, $(wc -l < "$svm/api-options.tsv") options"

# --- our C
libraries="java net nio zip extnet prefs rmi jaas sctp management management_ext"
cflags="-O2 -fPIC -fno-strict-aliasing -Wall -I$jdk/include -I$jdk/include/linux -I$svm/clibraries/include -I$svm/work"
work=$svm/work
cp "$here/c/svm_locale.h" "$svm/clibraries/include/"
{ printf '#define LIBRARIES(X)'; for l in $libraries; do printf ' X(%s)' "$l"; done; echo; } > "$work/onload_list.h"
for f in helper signals locale timezone attach cpu_amd64 onload container jvm; do
  "$cc" $cflags -c "$here/c/$f.c" -o "$work/$f.o"
done
(cd "$work" && ar rcs "$svm/clibraries/liblibchelper.a" helper.o signals.o locale.o timezone.o attach.o cpu_amd64.o onload.o \
  && ar rcs "$svm/clibraries/libsvm_container.a" container.o)
"$cc" $cflags -shared "$here/c/reporter.c" -o "$svm/builder/lib/libreporterchelper.so"

# The JDK's libraries go beside our libjvm.so; what they want from it and we lack becomes a stub.
for l in $libraries; do cp -p "$jdk/lib/lib$l.so" "$svm/shared/"; done
nm -D --undefined-only "$svm"/shared/*.so | sed -n 's/.* \([A-Za-z_0-9]*\)@SUNWprivate_1\.1.*/\1/p' | sort -u > "$work/wanted"
nm --defined-only "$work/jvm.o" | awk '$2 == "T" {print $3}' | sort -u > "$work/own"
comm -23 "$work/wanted" "$work/own" > "$work/stubs"
{ echo 'void jvm_stub_called(const char *name);'; sed 's/.*/void &(void) { jvm_stub_called("&"); }/' "$work/stubs"; } > "$work/stubs.c"
"$cc" $cflags -w -c "$work/stubs.c" -o "$work/stubs.o"
"$cc" -shared -Wl,-soname,libjvm.so -Wl,--version-script="$here/c/libjvm.map" "$work/jvm.o" "$work/stubs.o" -o "$svm/shared/libjvm.so"

# The builder wants static libraries: small linker scripts lead it to the shared ones.
static=$home/lib/static/linux-amd64/glibc
mkdir -p "$static"
for l in $libraries; do echo "INPUT($svm/shared/lib$l.so)" > "$static/lib$l.a"; done
echo "INPUT($svm/shared/libjvm.so)" > "$svm/clibraries/libjvm.a"
# A static zlib, where there is one, spares the executable the dependency.
zlib=$("$cc" -print-file-name=libz.a)
if [ -f "$zlib" ]; then cp "$zlib" "$svm/clibraries/libz.a"; fi
say "C: $(wc -l < "$work/own" | tr -d ' ') own functions and $(wc -l < "$work/stubs" | tr -d ' ') stubs in libjvm.so"

# --- the command
mkdir -p "$svm/driver"
"$home/bin/javac" -Xlint:all -d "$svm/driver" "$here/java/NativeImage.java"
cp "$here/bin/native-image" "$home/bin/native-image"
chmod 755 "$home/bin/native-image"
date=$("$java" "$here/java/JarDate.java" "$svm/builder/svm-$version.jar")
{
  echo "version=$version"
  echo "date=$date"
  echo "jdk=$(sed -n 's/^IMPLEMENTOR_VERSION="\(.*\)"/\1/p' "$jdk/release")"
} > "$svm/assembled.properties"
rm -rf "$work" "$home/.assembling"
say "done: $("$home/bin/native-image" --version | head -1); use GRAALVM_HOME=$home"
