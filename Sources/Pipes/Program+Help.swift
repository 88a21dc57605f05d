extension Program {
  /// The text of `--help`.
  func help() -> String {
    var text = "\(name) — \(summary)\n\nUsage: \(usage)\n\n"
    text += discussion.wrapped(to: 80) + "\n"
    text += Program.section("Options of \(name)", options)
    text += Program.section("Common options", commonOptions)
    if !examples.isEmpty {
      text += "\nExamples\n"
      for example in examples {
        text += "  \(example.command)\n" + example.meaning.wrapped(to: 72, indent: 6) + "\n"
      }
    }
    return text
  }

  /// The line that says how the program is called.
  var usage: String { family == .make ? "\(name) [OPTION]…" : "\(name) [OPTION]… [FILE]…" }

  private static func section(_ title: String, _ options: [OptionDeclaration]) -> String {
    guard !options.isEmpty else { return "" }
    var text = "\n\(title)\n"
    for option in options {
      text += "  \(option.synopsis)\n" + option.help.wrapped(to: 74, indent: 6) + "\n"
    }
    return text
  }

  /// The manual page, in the man macros of troff.
  func manual() -> String {
    var text = ".TH \(name.uppercased()) 1 \"\" \"Footfall \(Program.version)\" \"Footfall\"\n"
    text += ".SH NAME\n\(name) \\- \(Program.escaped(summary))\n"
    text += ".SH SYNOPSIS\n.B \(name)\n"
    text += family == .make ? "[OPTION]...\n" : "[OPTION]... [FILE]...\n"
    text += ".SH DESCRIPTION\n"
    text +=
      discussion.split(separator: "\n\n").map { Program.escaped(String($0)) }
      .joined(separator: "\n.PP\n") + "\n"
    text += ".SH OPTIONS\n"
    for option in allOptions {
      text += ".TP\n.B \(Program.escaped(option.synopsis))\n\(Program.escaped(option.help))\n"
    }
    text += ".SH EXAMPLES\n"
    for example in examples {
      text += ".TP\n.B \(Program.escaped(example.command))\n\(Program.escaped(example.meaning))\n"
    }
    text += ".SH EXIT STATUS\n"
    text += "0 done; 1 an alert or a check said no; 64 usage; 65 bad data under \\-\\-strict; "
    text += "66 no such input; 73 cannot create; 74 input or output error.\n"
    return text
  }

  /// A text for troff: dashes, backslashes and leading dots mean themselves.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if !escaped.isEmpty { escaped += "\n" }
      if line.hasPrefix(".") || line.hasPrefix("'") { escaped += "\\&" }
      for letter in line {
        switch letter {
        case "\\": escaped += "\\e"
        case "-": escaped += "\\-"
        default: escaped.append(letter)
        }
      }
    }
    return escaped
  }

  /// The completions for a shell.
  func completions(for shell: String) -> String {
    switch shell {
    case "bash": return bashCompletions()
    case "zsh": return zshCompletions()
    default: return fishCompletions()
    }
  }

  private func bashCompletions() -> String {
    var cases = ""
    for option in allOptions where !option.choices.isEmpty {
      cases += "    --\(option.name)) COMPREPLY=($(compgen -W "
      cases += "\"\(option.choices.joined(separator: " "))\" -- \"$word\")); return;;\n"
    }
    let names = allOptions.map { "--\($0.name)" }.joined(separator: " ")
    return """
      _footfall_\(name)() {
        local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
        case "$before" in
      \(cases)  esac
        if [[ "$word" == -* ]]; then
          COMPREPLY=($(compgen -W "\(names)" -- "$word"))
        else
          COMPREPLY=($(compgen -f -- "$word"))
        fi
      }
      complete -o filenames -F _footfall_\(name) \(name)

      """
  }

  private func zshCompletions() -> String {
    var text = "#compdef \(name)\n_arguments \\\n"
    for option in allOptions {
      let help = option.help.filter { !"[]'\"`:".contains($0) }
      let value = option.value.map { value in
        option.choices.isEmpty
          ? ":\(value):_files" : ":\(value):(\(option.choices.joined(separator: " ")))"
      }
      text += "  '\(option.isRepeatable ? "*" : "")--\(option.name)[\(help)]\(value ?? "")' \\\n"
    }
    return text + "  '*:file:_files'\n"
  }

  private func fishCompletions() -> String {
    var text = ""
    for option in allOptions {
      let help = option.help.filter { $0 != "'" && $0 != "\\" }
      text += "complete -c \(name) -l \(option.name) -d '\(help)'"
      if option.value != nil { text += " -r" }
      if !option.choices.isEmpty { text += " -f -a '\(option.choices.joined(separator: " "))'" }
      text += "\n"
    }
    return text
  }
}

extension OptionDeclaration {
  /// The option as the help shows it: `--step NAME=EXPR …`.
  var synopsis: String {
    "--\(name)" + (value.map { " \($0)" } ?? "") + (isRepeatable ? " …" : "")
  }
}

extension String {
  /// The text with lines of at most so many letters; paragraphs stay apart.
  func wrapped(to width: Int, indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    return split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
      // What is indented is an example or a table: it keeps its form.
      if paragraph.hasPrefix("  ") { return margin + paragraph }
      var lines: [String] = [""]
      for word in paragraph.split(separator: " ") {
        let last = lines[lines.count - 1]
        if last.isEmpty {
          lines[lines.count - 1] = String(word)
        } else if last.count + 1 + word.count <= width - indent {
          lines[lines.count - 1] = last + " " + word
        } else {
          lines.append(String(word))
        }
      }
      return lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
