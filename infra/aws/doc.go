// Package main is the AWS CDK app that deploys Tenantry into an AWS account: it generates the
// CloudFormation templates from functions/catalog. Package stacks holds the resources, settings the
// settings, and rights what each function may do.
//
// The CDK takes a minute to compile and needs Node to run. Its files therefore carry the build tag
// cdk, so that `go build ./...` and `go test ./...` need Go alone; `make synth` and `make test-cdk`
// set the tag.
package main
