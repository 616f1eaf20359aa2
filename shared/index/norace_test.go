//go:build !race

package index

// checks is how often a property is tried.
const checks = "20"
