//go:build race

package search

// checks is how often a property is tried: fewer times with the race detector, which makes
// the database many times slower.
const checks = "5"
