// Package main is the app that puts Tenantry into an AWS account: it makes the CloudFormation
// templates from functions/catalog, with the AWS Cloud Development Kit. What it makes is in stacks,
// its settings are in settings, what each function may do is in rights.
//
// The kit takes a minute to compile and needs Node to run. So its files carry the build tag cdk,
// and `go build ./...` and `go test ./...` need Go alone; `make synth` and `make test-cdk` set the
// tag.
package main
