package plaintext

import (
	"regexp"
	"sync"
)

// Pattern compiles a regular expression when it is first needed: together they take longer than the
// rest of a function's start, and most functions read no mail.
func Pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
