# Of a log of -Xlog:class+load=debug without decorations: classes that no file has; of a proxy, what it stands for.
{ sub(/^(\[[^]]*\])* */, "") }
/ source: / { name = $1; source = $3; from[name] = $0; sub(/.* source: /, "", from[name]); next }
/^klass: 0x.* super: 0x/ {
  n = split($0, word, " "); at = ""; list = ""; on = 0
  for (i = 1; i <= n; i++) {
    if (word[i] == "klass:") at = word[i + 1]
    if (word[i] == "interfaces:") { on = 1; continue }
    if (on && word[i] !~ /^0x/) on = 0
    if (on) list = list " " word[i]
  }
  if (name == "java.lang.annotation.Annotation") annotation = at
  called[at] = name; interfaces[name] = list; order[++count] = name
}
END {
  for (c = 1; c <= count; c++) {
    name = order[c]; source = from[name]
    if (name ~ /\$Proxy[0-9]+/) {
      what = ""
      n = split(interfaces[name], word, " ")
      for (i = 1; i <= n; i++) what = what " " (index(interfaces[called[word[i]]], annotation) ? "@" : "") called[word[i]]
      print "proxy of" what
    } else if (source !~ /^(jrt:\/|file:\/app\/|shared objects file)/) {
      sub(/\/0x[0-9a-f]+$/, "", name); print name
    }
  }
}
