/** The completions of each shell. They run `innerspace __complete` to get the words. */

export const scripts: { readonly [shell: string]: string } = {
  bash: `# bash completions of innerspace: eval "$(innerspace completion bash)"
_innerspace() {
  local value text line="\${COMP_LINE:0:COMP_POINT}"
  local -a words
  read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  local prefix="\${words[-1]%"\${COMP_WORDS[COMP_CWORD]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r value text; do
    COMPREPLY+=("\${value#"$prefix"}")
  done < <(innerspace __complete "\${words[@]:1}" 2>/dev/null)
  [[ "\${COMPREPLY[0]}" == *[=/] ]] && compopt -o nospace
}
complete -F _innerspace innerspace
`,
  zsh: `#compdef innerspace
# zsh completions of innerspace: source <(innerspace completion zsh)
_innerspace() {
  local -a found
  local value text
  while IFS=$'\\t' read -r value text; do
    found+=("\${value//:/\\\\:}:$text")
  done < <(innerspace __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#found )) && _describe innerspace found
}
compdef _innerspace innerspace
`,
  fish: `# fish completions of innerspace: innerspace completion fish | source
complete -c innerspace -f -a '(innerspace __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
  powershell: `# PowerShell 7.3 completions of innerspace: innerspace completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName innerspace -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '' }
  innerspace __complete @words 2>$null | ForEach-Object {
    $value, $text = $_ -split "\`t", 2
    $tip = if ($text) { $text } else { $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $tip)
  }
}
`
}
