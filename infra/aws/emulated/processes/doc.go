// Package processes runs the deployed functions of an emulated AWS Lambda: it starts a function's
// program with the environment of its configuration, passes it one event after another through
// Lambda's runtime API, and keeps it for later events. It knows neither what the functions do nor
// how they were deployed.
package processes
