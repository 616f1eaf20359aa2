//go:build !race

package search

// checks is how many times a property is checked.
const checks = "20"
