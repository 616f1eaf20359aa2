// Package cputime tells how much processor time this process has used. Tests that hold a bound on work measure with it:
// other work on the machine makes a test wait, but does not make its own work more. Nothing but tests imports it.
package cputime

import "time"

// Now is the processor time that the process has used so far, in all its threads.
func Now() time.Duration { return used() }

// Since is the processor time that the process has used since an earlier Now.
func Since(begun time.Duration) time.Duration { return used() - begun }
