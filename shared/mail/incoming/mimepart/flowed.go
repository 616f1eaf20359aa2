package mimepart

import "strings"

// Unflow joins the lines of text in format=flowed (RFC 3676): a line that ends in a
// space goes on in the next one of the same quoting depth. With delsp that space is
// not part of the text.
func Unflow(text string, delsp bool) string {
	var out strings.Builder
	open, depth := false, 0 // about the line before
	for i, line := range strings.Split(text, "\n") {
		content := strings.TrimLeft(line, ">")
		deep := len(line) - len(content)
		content = strings.TrimPrefix(content, " ")
		signature := content == "-- "
		if !open || deep != depth || signature {
			if i > 0 {
				out.WriteByte('\n')
			}
			out.WriteString(line[:deep])
			if deep > 0 {
				out.WriteByte(' ')
			}
		}
		open, depth = strings.HasSuffix(content, " ") && !signature, deep
		if open && delsp {
			content = content[:len(content)-1]
		}
		out.WriteString(content)
	}
	return out.String()
}
