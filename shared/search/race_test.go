//go:build race

package search

// checks is how many times a property is checked. It is low because the race detector makes the
// database many times slower.
const checks = "5"
