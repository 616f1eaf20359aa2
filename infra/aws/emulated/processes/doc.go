// Package processes runs the deployed functions of an emulated AWS Lambda: it starts the program of
// a function with the environment of its configuration, hands it one event after the other by
// Lambda's runtime API, and keeps it for the next ones. It knows neither what the functions do nor
// how they were deployed.
package processes
