namespace Fulcrum.Completing;

/// <summary>
/// What makes a shell ask <c>fulcrum complete</c>. The scripts know nothing of commands: they need not change when those
/// do. They are silent when anything is wrong: somebody is typing.
/// </summary>
internal static class Scripts
{
    public const string Bash = """
        # bash completion of fulcrum; made by 'fulcrum completion bash'.
        _fulcrum() {
          local line=${COMP_LINE:0:COMP_POINT} words current value about typed
          read -ra words <<<"$line"
          [[ $line != *[[:space:]] ]] || words+=("")
          current=${words[${#words[@]} - 1]}
          COMPREPLY=()
          while IFS=$'\t' read -r value about; do
            case $value in
              '') ;;
              :file) compopt -o default 2>/dev/null ;;
              :dir) compopt -o dirnames 2>/dev/null ;;
              *) COMPREPLY+=("$value") ;;
            esac
          done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
          # To bash, ':' and '=' are breaks between words: what stands before the last of them is not completed again.
          typed=${current%"${current##*[:=]}"}
          [[ -z $typed || $COMP_WORDBREAKS != *[:=]* ]] || COMPREPLY=("${COMPREPLY[@]#"$typed"}")
          [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != */ ]] || compopt -o nospace 2>/dev/null
          return 0
        }
        complete -F _fulcrum fulcrum

        """;

    public const string Zsh = """
        #compdef fulcrum
        # zsh completion of fulcrum; made by 'fulcrum completion zsh'.
        _fulcrum() {
          local -a ends goes
          local value about
          while IFS=$'\t' read -r value about; do
            case $value in
              '') ;;
              :file) _files ;;
              :dir) _files -/ ;;
              */) goes+=("${value//:/\\:}") ;;
              *) ends+=("${value//:/\\:}${about:+:$about}") ;;
            esac
          done < <("${words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
          (( ! ${#ends} )) || _describe -t values value ends
          (( ! ${#goes} )) || _describe -t values value goes -S ''
          return 0
        }
        if [[ ${funcstack[1]} == _fulcrum ]]; then
          _fulcrum "$@"
        else
          compdef _fulcrum fulcrum
        fi

        """;

    public const string Fish = """
        # fish completion of fulcrum; made by 'fulcrum completion fish'.
        function __fulcrum_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            set -l program $words[1]
            set -e words[1]
            for line in ($program complete -- $words "$current" 2>/dev/null)
                switch $line
                    case ':file'
                        __fish_complete_path $current
                    case ':dir'
                        __fish_complete_directories $current
                    case '*'
                        echo $line
                end
            end
        end
        complete -c fulcrum -f -a '(__fulcrum_complete)'

        """;
}
