//go:build !unix

package cputime

import "time"

var start = time.Now()

// used is the time that has passed, where the system does not tell what was used of it.
func used() time.Duration { return time.Since(start) }
