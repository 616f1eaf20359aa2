//go:build race && !aws

package outside

// raceDetector says that the tests run with the race detector; the programs under test are then built with it too.
const raceDetector = true
