# Completion of bourse for bash. Words come from the program itself, so they are always those of the installed version.
_bourse() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} program=${COMP_WORDS[0]}
  local words=() word i
  COMPREPLY=()
  # bash splits words at '=' and ':'; the options that take a value are looked at before anything else.
  case $previous in
    --keys|--cacert|--markets|--reply|--headers|--output|-o|--tls-cert|--tls-key|--faults|--accounts|--journal) COMPREPLY=($(compgen -f -- "$current")); return ;;
    --env) COMPREPLY=($(compgen -W "live testnet demo" -- "$current")); return ;;
    --product) COMPREPLY=($(compgen -W "spot linear inverse option" -- "$current")); return ;;
    --margin) COMPREPLY=($(compgen -W "cross isolated" -- "$current")); return ;;
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "--table --json --csv --columns --all-columns --raw --env --product --margin --keys --account
      --timeout --proxy --cacert --host --setting --verbose --live --yes --no-check --allow-withdrawals --read-only
      --allow-symbol --max-notional --max-per-minute --max-open-orders --allow-raw-orders --journal --reveal --now-ms
      --nonce --markets --reply --status --headers --for --count --interval --depth --output --force --quiet --port --seed --list
      --tls-cert --tls-key --faults --accounts --help --version" -- "$current"))
    return
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      --columns|--env|--product|--margin|--keys|--account|--timeout|--proxy|--cacert|--host|--setting|--now-ms|--nonce|--markets|--reply|--status|--headers|--for|--count|--interval|--depth|--output|-o|--port|--seed|--tls-cert|--tls-key|--faults|--accounts|--journal|--allow-symbol|--max-notional|--max-per-minute|--max-open-orders) ((i++)) ;;
      -*) ;;
      *) words+=("$word") ;;
    esac
  done
  case ${#words[@]} in
    0) COMPREPLY=($(compgen -W "$("$program" __complete verbs 2>/dev/null)" -- "$current")) ;;
    1)
      case ${words[0]} in
        help) COMPREPLY=($(compgen -W "operations keys codes options $("$program" __complete verbs 2>/dev/null) $("$program" __complete operations 2>/dev/null)" -- "$current")) ;;
        exchanges|api|version) ;;
        watch) COMPREPLY=($(compgen -W "$("$program" __complete channels 2>/dev/null)" -- "$current")) ;;
        *) COMPREPLY=($(compgen -W "$("$program" __complete exchanges 2>/dev/null)" -- "$current")) ;;
      esac ;;
    *)
      case ${words[0]} in
        call|request|decode)
          if [[ ${#words[@]} == 2 ]]; then
            COMPREPLY=($(compgen -W "$("$program" __complete operations 2>/dev/null)" -- "$current"))
          else
            COMPREPLY=($(compgen -S = -W "$("$program" __complete keys "${words[2]}" 2>/dev/null)" -- "$current"))
            compopt -o nospace 2>/dev/null
          fi ;;
        buy|sell)
          COMPREPLY=($(compgen -S = -W "$("$program" __complete keys create_order 2>/dev/null)" -- "$current"))
          compopt -o nospace 2>/dev/null ;;
        watch)
          if [[ ${#words[@]} == 2 ]]; then
            COMPREPLY=($(compgen -W "$("$program" __complete exchanges 2>/dev/null)" -- "$current"))
          else
            COMPREPLY=($(compgen -S = -W "$("$program" __complete keys "${words[1]}" 2>/dev/null)" -- "$current"))
            compopt -o nospace 2>/dev/null
          fi ;;
        record)
          if [[ ${#words[@]} == 2 ]]; then
            COMPREPLY=($(compgen -W "$("$program" __complete channels 2>/dev/null)" -- "$current"))
          else
            COMPREPLY=($(compgen -S = -W "$("$program" __complete keys "${words[2]}" 2>/dev/null)" -- "$current"))
            compopt -o nospace 2>/dev/null
          fi ;;
        replay) COMPREPLY=($(compgen -f -- "$current")) ;;
        orders) COMPREPLY=($(compgen -W "open closed canceled all" -- "$current")) ;;
        capabilities) COMPREPLY=($(compgen -W "$("$program" __complete operations 2>/dev/null)" -- "$current")) ;;
      esac ;;
  esac
}
complete -F _bourse bourse
