# bash completion for tavs(1). Commands, options and verbs are those that 'tavs help' tells of.
#
# What has been typed is compared, and nothing else: it is no program for sed, no pattern, and no word list for
# compgen, which expands those. Nor is the program run that it names, which may be any: it is tavs that is asked.

# The words of a dimension, in the language that messages have here.
_tavs_words() {
    case $1:${LC_ALL:-${LC_MESSAGES:-${LANG-}}} in
    channel:da*) echo personlig telefon mail hjemmeside ;;
    channel:*) echo in-person phone mail web ;;
    party:da*) echo bruger pårørende fagperson ;;
    party:*) echo user relative professional ;;
    session:*) echo 1 2 3 4 5 ;;
    esac
}

# What may stand for the value of option $1 of command $2; nothing: a file, or what nobody can guess.
_tavs_value() {
    case $1 in
    -l | --lang) echo da en ;;
    -k | --kdf) echo interactive moderate sensitive ;;
    -b | --by) echo month channel party session ;;
    -c | --channels) _tavs_words channel ;;
    -a | --parties) _tavs_words party ;;
    -m | --month) date +%Y-%m ;;
    -f | --format)
        case $2 in
        report) echo text markdown html xlsx json ;;
        export) echo csv json xlsx ;;
        publish) echo text markdown html xlsx json csv ;;
        *) echo text json ;;
        esac
        ;;
    esac
}

# The commands of the overview $1.
_tavs_commands() {
    sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' <<<"$1"
}

# The help of command $2, if it is one of the overview $1.
_tavs_help() {
    local name
    while read -r name; do
        [[ $name == "$2" ]] && command tavs help "$name" 2>/dev/null
    done < <(_tavs_commands "$1")
}

# What may stand as a word of command $1 after $2 others; $3 is its help.
_tavs_word() {
    local dimensions=(channel party session)
    case $1 in
    log | retract) [[ $2 -lt 3 ]] && _tavs_words "${dimensions[$2]}" ;;
    help) [[ $2 -eq 0 ]] && _tavs_commands "$4" ;;
    # "usage: tavs key [options] list|add|change|remove [N]"
    *) [[ $2 -eq 0 ]] && sed -n 's/^[^ ][^ ]* tavs [a-z-]* .* \([a-z]*|[a-z|]*\).*/\1/p' <<<"$3" | tr '|' ' ' ;;
    esac
}

# Lines "-f --format FORMAT" of the options that a help lists.
_tavs_options() {
    sed -n 's/^  \(-[A-Za-z]\), \(--[a-z-]*\) \{0,1\}\([^ ]*\) .*/\1 \2 \3/p' <<<"$1"
}

# Offers the words $2 that begin with $1; of a list what comes after its last comma.
_tavs_offer() {
    local before='' word words
    [[ $3 == list && $1 == *,* ]] && before=${1%,*},
    read -r -d '' -a words <<<"$2"
    for word in "${words[@]}"; do
        [[ $before$word == "$1"* ]] && COMPREPLY+=("$before$word")
    done
}

_tavs() {
    local current=$2 overview help options command='' option='' word letter name value stands=''
    local -i i given=0
    overview=$(command tavs help 2>/dev/null)
    help=$overview
    options=$(_tavs_options "$overview")
    COMPREPLY=()

    # What has been typed: the command, how many words after it, an option that waits for its value.
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == = ]]; then
            continue
        elif [[ -n $option ]]; then
            option=
        elif [[ $word == -?* ]]; then
            while read -r letter name value; do
                [[ -n $value && ($word == "$letter" || $word == "$name") ]] && option=$word stands=$value
            done <<<"$options"
        elif [[ -z $command ]]; then
            command=$word
            help=$(_tavs_help "$overview" "$command")
            options=$(_tavs_options "$help")
        else
            given+=1
        fi
    done

    [[ $current == = ]] && current=
    if [[ -n $option ]]; then
        value=$(_tavs_value "$option" "$command")
        case $option in
        -b | --by | -c | --channels | -a | --parties) _tavs_offer "$current" "$value" list ;;
        -f | --format)
            if [[ $command == publish ]]; then
                _tavs_offer "$current" "$value" list
            else
                _tavs_offer "$current" "$value" one
            fi
            ;;
        *)
            if [[ -n $value ]]; then
                _tavs_offer "$current" "$value" one
            elif [[ $stands == FI* ]]; then # "FILE", in Danish "FIL"
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -f -- "$current")
            elif [[ $stands == FOLDER || $stands == MAPPE ]]; then
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -d -- "$current")
            fi
            ;;
        esac
    elif [[ $current == -* ]]; then
        _tavs_offer "$current" "$(cut -d ' ' -f 2 <<<"$options")" one
    elif [[ -z $command ]]; then
        _tavs_offer "$current" "$(_tavs_commands "$overview")" one
    else
        case $command in
        backup | check-release | import | scan)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            ;;
        *) _tavs_offer "$current" "$(_tavs_word "$command" "$given" "$help" "$overview")" one ;;
        esac
    fi
}

complete -F _tavs tavs
