# The completions of `innerspace query build`, as readline would ask for them.
eval "$(innerspace completion bash)"
COMP_LINE="innerspace query build"
COMP_POINT=22
COMP_WORDS=(innerspace query build)
COMP_CWORD=2
_innerspace 2>/dev/null
printf "%s\n" "${COMPREPLY[@]}"
