//go:build race && !aws

package outside

// raceDetector reports whether the tests run with the race detector; the programs under test are
// then built with it too.
const raceDetector = true
