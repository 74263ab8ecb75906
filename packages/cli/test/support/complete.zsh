# The completions of `innerspace query build`, as the line editor would ask for them.
autoload -U compinit
compinit -u -D
source <(innerspace completion zsh)
words=(innerspace query build)
CURRENT=3
_describe() { print -l -- ${(P)2} }
_innerspace
