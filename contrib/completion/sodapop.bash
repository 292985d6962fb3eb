# SPDX-License-Identifier: ISC
# bash completion for sodapop(8). It completes what --help of each command prints, so that this file
# and the program cannot disagree.

# Prints the rows of help text below the heading that begins with $1, without the explanations.
_sodapop_rows() {
  awk -v heading="$1" '
    index($0, heading) == 1 { inside = 1; next }
    /^$/ { inside = 0 }
    inside && /^  [^ ]/ { sub(/^  /, ""); sub(/   *.*/, ""); print }'
}

# Prints all options in help text, with the names of their values.
_sodapop_options() {
  awk '/^  -/ { sub(/^  /, ""); sub(/   *.*/, ""); n = split($1, names, ",")
                for (i = 1; i <= n; i++) print names[i], $2 }'
}

_sodapop_files() { compopt -o filenames 2>/dev/null; compgen -f -- "$1"; }

# Completes $2, a value whose name in the help text is $1.
_sodapop_value() {
  case $1 in
  *'|'*) compgen -W "${1//|/$'\n'}" -- "$2" ;;
  FILE | PATH | TARGET | TEMPLATE | COMMAND) _sodapop_files "$2" ;;
  DIRECTORY) compopt -o filenames 2>/dev/null; compgen -d -- "$2" ;;
  ACCOUNT) compgen -u -- "$2" ;;
  USER) _sodapop_users "$2" ;;
  esac
}

# Prints the names in the users file that begin with $1, a thousand at most.
_sodapop_users() {
  "$program" "${config[@]}" user list 2>/dev/null </dev/null |
    awk -v start="$1" 'index($1, start) == 1 { print $1; if (++n == 1000) exit }'
}

_sodapop() {
  local program=$1 current=$2 previous=$3
  local help top i word value command=() config=() IFS=$' \t\n'
  top=$("$program" --help 2>/dev/null) help=$top
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    [[ $word != --config ]] || config=(--config "${COMP_WORDS[i + 1]}")
    if _sodapop_rows Commands <<<"$help" | cut -d ' ' -f 1 | grep -qxF -e "$word"; then
      command+=("$word")
      help=$("$program" "${command[@]}" --help 2>/dev/null)
    fi
  done

  IFS=$'\n'
  value=$(printf '%s\n' "$help" "$top" | _sodapop_options |
    awk -v option="$previous" '$1 == option { print $2; exit }')
  if [[ -n $value ]]; then
    COMPREPLY=($(_sodapop_value "$value" "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$(printf '%s\n' "$help" "$top" | _sodapop_options | cut -d ' ' -f 1)" \
      -- "$current"))
  elif grep -q '^Commands' <<<"$help"; then
    COMPREPLY=($(compgen -W "$(_sodapop_rows Commands <<<"$help" | cut -d ' ' -f 1 | sort -u)" \
      -- "$current"))
  else
    for word in $(_sodapop_rows Arguments <<<"$help"); do
      [[ $word != NAME || ${command[*]: -1} == add ]] || word=USER
      COMPREPLY+=($(_sodapop_value "$word" "$current"))
    done
  fi
}

complete -F _sodapop sodapop
