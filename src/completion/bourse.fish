# Completion of bourse for fish. Words come from the program itself, so they are always those of the installed version.

# The words so far that are neither options nor their values, without the program and the word being typed.
function __bourse_words
    set -l skip 0
    set -l first 1
    for word in (commandline -opc)
        if test $first -eq 1
            set first 0
        else if test $skip -eq 1
            set skip 0
        else
            switch $word
                case --columns --env --product --margin --keys --account --timeout --proxy --cacert --host --setting --now-ms --nonce --markets --reply --status --headers --for --count --interval --depth --output -o --journal --allow-symbol --max-notional --max-per-minute --max-open-orders
                    set skip 1
                case '-*'
                case '*'
                    echo $word
            end
        end
    end
end

function __bourse_at
    test (count (__bourse_words)) -eq $argv[1]
end

function __bourse_rest
    set -l words (__bourse_words)
    set -l count (count $words)
    test $count -ge 1; or return
    switch $words[1]
        case help
            test $count -eq 1; and printf '%s\n' operations keys codes options; and bourse __complete verbs; and bourse __complete operations
        case exchanges api version
        case watch
            switch $count
                case 1
                    bourse __complete channels
                case 2
                    bourse __complete exchanges
                case '*'
                    bourse __complete keys $words[2] | sed 's/$/=/'
            end
        case '*'
            if test $count -eq 1
                bourse __complete exchanges
                return
            end
            switch $words[1]
                case call request decode
                    if test $count -eq 2
                        bourse __complete operations
                    else
                        bourse __complete keys $words[3] | sed 's/$/=/'
                    end
                case record
                    if test $count -eq 2
                        bourse __complete channels
                    else
                        bourse __complete keys $words[3] | sed 's/$/=/'
                    end
                case replay
                    __fish_complete_path (commandline -ct)
                case buy sell
                    bourse __complete keys create_order | sed 's/$/=/'
                case orders
                    printf '%s\n' open closed canceled all
                case capabilities
                    bourse __complete operations
            end
    end
end

complete -c bourse -f
complete -c bourse -n '__bourse_at 0' -a '(bourse __complete verbs)'
complete -c bourse -n 'not __bourse_at 0' -a '(__bourse_rest)'
complete -c bourse -l table -d 'Aligned table'
complete -c bourse -l json -s j -d 'JSON Lines'
complete -c bourse -l csv -d CSV
complete -c bourse -l columns -x -d 'Columns to show'
complete -c bourse -l all-columns -d 'Show every column'
complete -c bourse -l raw -d 'The reply as it came'
complete -c bourse -l env -x -a 'live testnet demo' -d 'World of the exchange'
complete -c bourse -l product -x -a 'spot linear inverse option' -d 'Default product'
complete -c bourse -l margin -x -a 'cross isolated' -d 'Default margin mode'
complete -c bourse -l keys -r -F -d 'Key file'
complete -c bourse -l account -x -d 'Entry of the key file'
complete -c bourse -l timeout -x -d Seconds
complete -c bourse -l proxy -x -d Proxy
complete -c bourse -l cacert -r -F -d 'Certificate authorities'
complete -c bourse -l host -x -d 'Another host, NAME=URL'
complete -c bourse -l setting -x -d 'Setting of the exchange, NAME=VALUE'
complete -c bourse -l verbose -s v -d 'Show requests and replies'
complete -c bourse -l live -d 'Send what changes something'
complete -c bourse -l yes -s y -d 'Do not ask'
complete -c bourse -l no-check -d 'Skip local checks of orders'
complete -c bourse -l allow-withdrawals -d 'Let withdraw through'
complete -c bourse -l read-only -d 'Refuse what changes something'
complete -c bourse -l allow-symbol -x -d 'Market for orders'
complete -c bourse -l max-notional -x -d 'Most that an order is worth'
complete -c bourse -l max-per-minute -x -d 'Most that a minute\'s orders are worth'
complete -c bourse -l max-open-orders -x -d 'Most open orders'
complete -c bourse -l allow-raw-orders -d 'Let through what cannot be measured'
complete -c bourse -l reveal -d 'Show secrets in requests'
complete -c bourse -l now-ms -x -d 'Fixed clock'
complete -c bourse -l nonce -x -d 'Fixed nonce'
complete -c bourse -l markets -r -F -d 'File of markets'
complete -c bourse -l reply -r -F -d 'An earlier reply'
complete -c bourse -l status -x -d 'HTTP status'
complete -c bourse -l headers -r -F -d 'Reply headers'
complete -c bourse -l for -x -d 'Ends after a time'
complete -c bourse -l count -x -d 'Ends after so many'
complete -c bourse -l interval -x -d 'Wanted time between updates'
complete -c bourse -l depth -x -d 'Levels shown'
complete -c bourse -l output -s o -r -F -d 'Where to record'
complete -c bourse -l force -d 'Write over a file'
complete -c bourse -l quiet -s q -d 'Only the summary'
complete -c bourse -l list -d 'Simulated exchanges'
complete -c bourse -l port -x -d 'Port of a simulated exchange'
complete -c bourse -l seed -x -d 'What its market is made of'
complete -c bourse -l tls-cert -r -F -d 'Certificate'
complete -c bourse -l tls-key -r -F -d 'Key of the certificate'
complete -c bourse -l faults -r -F -d 'What goes wrong'
complete -c bourse -l accounts -r -F -d 'Keys and balances'
complete -c bourse -l help -s h -d Help
complete -c bourse -l version -s V -d Versions
complete -c bourse -l journal -r -F -d 'Where orders are written down'
