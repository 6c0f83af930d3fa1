# fish completion for tavs(1). Commands, options and verbs are those that 'tavs help' tells of when fish
# loads this.

# The words of a dimension, in the language that messages have here.
function __tavs_dimension
    set -l locale $LC_ALL $LC_MESSAGES $LANG en
    switch $argv[1]:$locale[1]
        case 'channel:da*'
            string join \n personlig telefon mail hjemmeside
        case 'channel:*'
            string join \n in-person phone mail web
        case 'party:da*'
            string join \n bruger pårørende fagperson
        case 'party:*'
            string join \n user relative professional
        case 'session:*'
            seq 5
    end
end

# Several of the words after each other, with commas: what has been typed of them, and each that can follow.
function __tavs_list
    set -l before (string match -r '.*,' -- (commandline -ct))
    for word in $argv
        string join \n -- "$before$word"
    end
end

# The words before the cursor that are neither options nor the values of those: the command, then its own.
function __tavs_given
    set -l waiting no
    for word in (commandline -opc)[2..-1]
        if test $waiting = yes
            set waiting no
        else if contains -- $word $__tavs_with_value
            set waiting yes
        else if not string match -qr '^-.' -- $word
            string join \n -- $word
        end
    end
end

# True if the command is one of those named. (fish's __fish_seen_subcommand_from also takes other words for it, and
# parts of words.)
function __tavs_is
    set -l given (__tavs_given)
    set -q given[1]; and contains -- $given[1] $argv
end

# The same, and as many words stand after it as the number says.
function __tavs_at
    test (count (__tavs_given)) -eq (math $argv[1] + 1); and __tavs_is $argv[2..-1]
end

# What may stand for the value of an option of a command.
function __tavs_add_option -a command letter name value description
    set -l arguments -c tavs -s (string trim -l -c - -- $letter) -l $name -d $description
    test -n "$command"; and set -a arguments -n "__tavs_is $command"
    if test -n "$value"
        set -ga __tavs_with_value $letter --$name
    end
    switch $name:$command
        case 'lang:*'
            complete $arguments -x -a 'da en'
        case 'kdf:*'
            complete $arguments -x -a 'interactive moderate sensitive'
        case 'by:*'
            complete $arguments -x -a '(__tavs_list month channel party session)'
        case 'channels:*'
            complete $arguments -x -a '(__tavs_list (__tavs_dimension channel))'
        case 'parties:*'
            complete $arguments -x -a '(__tavs_list (__tavs_dimension party))'
        case 'month:*'
            complete $arguments -x -a '(date +%Y-%m)'
        case format:report
            complete $arguments -x -a 'text markdown html xlsx json'
        case format:export
            complete $arguments -x -a 'csv json xlsx'
        case format:publish
            complete $arguments -x -a '(__tavs_list text markdown html xlsx json csv)'
        case 'format:*'
            complete $arguments -x -a 'text json'
        case '*'
            if string match -q 'FI*' -- "$value" # "FILE", in Danish "FIL"
                complete $arguments -r -F
            else if contains -- "$value" FOLDER MAPPE
                complete $arguments -x -a '(__fish_complete_directories)'
            else if test -n "$value"
                complete $arguments -x
            else
                complete $arguments
            end
    end
end

# The options that a help lists.
function __tavs_add_options -a command
    for line in $argv[2..-1]
        set -l parts (string match -r '^  (-[A-Za-z]), --([a-z-]+) ?([^ ]*) +(.*)$' -- $line)
        test (count $parts) -eq 5; and __tavs_add_option "$command" $parts[2..5]
    end
end

function __tavs_add_all
    set -l overview (command tavs help 2>/dev/null)
    set -l common (string match -r -- '--[a-z-]+' $overview)
    __tavs_add_options '' $overview
    for line in $overview
        set -l parts (string match -r '^  ([a-z][a-z-]*) +(.*)$' -- $line)
        test (count $parts) -eq 3; or continue
        set -l name $parts[2]
        set -l lines (command tavs help $name 2>/dev/null)
        complete -c tavs -n __fish_use_subcommand -f -a $name -d $parts[3]
        complete -c tavs -n '__tavs_at 0 help' -f -a $name -d $parts[3]
        # "usage: tavs key [options] list|add|change|remove [N]"
        set -l verbs (string match -r "^\S+ tavs $name .* ([a-z]+\|[a-z|]+)" -- $lines)
        test (count $verbs) -eq 2
        and complete -c tavs -n "__tavs_at 0 $name" -f -a (string replace -a '|' ' ' -- $verbs[2])
        for line in $lines
            set -l option (string match -r -- '^  -[A-Za-z], (--[a-z-]+)' $line)
            test (count $option) -eq 2; and not contains -- $option[2] $common
            and __tavs_add_options $name $line
        end
    end
end

set -g __tavs_with_value
complete -c tavs -f
__tavs_add_all
complete -c tavs -n '__tavs_at 0 log retract' -a '(__tavs_dimension channel)'
complete -c tavs -n '__tavs_at 1 log retract' -a '(__tavs_dimension party)'
complete -c tavs -n '__tavs_at 2 log retract' -a '(__tavs_dimension session)'
complete -c tavs -n '__tavs_is backup check-release import scan' -F
