# shellcheck shell=sh
# For tools/try and tools/test: installs the Debian packages that are missing. Source it in
# the project's folder, call need_build (and need_tests), then install_missing.

missing=

# A shell that was started without PATH has one, but gives it to nobody: gcc would not find its parts.
export PATH

# need KIND NAME PACKAGE: notes the package if NAME is not there.
need() {
    case $1 in
    command) command -v "$2" >/dev/null ;;
    header) echo "#include <$2>" | gcc -E - >/dev/null 2>&1 ;;
    library) pkg-config --exists "$2" 2>/dev/null || is_installed "$3" ;;
    file) [ -e "$2" ] ;;
    fuzzer) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
        clang -fsanitize=fuzzer,address -x c - -o /dev/null 2>/dev/null ;;
    python) /usr/bin/python3 -c "import $2" 2>/dev/null ;;
    esac || missing="$missing $3"
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

need_build() {
    need command gcc gcc
    need header stdio.h libc6-dev
    need command make make
    need command pkg-config pkg-config
    need command msgfmt gettext
    libraries=$(tools/lib/used-libraries)
    while read -r name package; do
        case $name in
        *.h) need header "$name" "$package" ;;
        *) need library "$name" "$package" ;;
        esac
    done <<END
$libraries
END
}

need_tests() {
    need python unittest,json,ctypes python3
    need python jsonschema python3-jsonschema
    need file /usr/share/i18n/locales/da_DK locales
    need library cmocka libcmocka-dev
    need command clang clang
    need fuzzer libFuzzer libclang-rt-dev
    need command valgrind valgrind
    need command chromium chromium
    need command pdftotext poppler-utils
    need command qpdf qpdf
    need command npm npm
    need python openpyxl python3-openpyxl
    need command git git
    need command xz xz-utils
    need command mandoc mandoc
    need command zsh zsh
    need command fish fish
    need command shellcheck shellcheck
    need file /usr/share/build-essential/essential-packages-list build-essential
    need command dh debhelper
    need command lintian lintian
}

# Leaves with status 2 where it can't install.
install_missing() {
    [ -n "$missing" ] || return 0
    # The lists have no spaces or wildcards inside a name: split on purpose.
    # shellcheck disable=SC2086
    set -- $missing
    if ! command -v apt-get >/dev/null; then
        echo "Please install what these Debian packages hold, then run this again: $*" >&2
        exit 2
    fi
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null; then
        as_root=sudo
    else
        echo "Please install as root, then run this again: apt-get install $*" >&2
        exit 2
    fi
    echo "Installing Debian packages: $*"
    # The package lists are fetched only where the ones at hand do not do.
    install_quietly "$@" 2>/dev/null || { apt update && install_quietly "$@"; } || exit 2
}

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null
}

install_quietly() {
    apt install -y --no-install-recommends "$@" >/dev/null
}
