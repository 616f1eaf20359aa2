//go:build !race

package search

// checks is how often a property is tried.
const checks = "20"
