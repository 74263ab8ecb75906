# The completions of `innerspace query build`.
innerspace completion fish | source
complete -C 'innerspace query build'
