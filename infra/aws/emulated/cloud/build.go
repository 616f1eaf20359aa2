package cloud

import (
	"context"
	"path/filepath"
)

// placeholder stands in the templates for the address of an installation, which is known when it is
// deployed. Many installations share the same templates.
const placeholder = "http://tenantry-address.invalid"

// buildProgram builds the program of all functions into a folder, for this machine's processor.
func buildProgram(ctx context.Context, root, into string) error {
	return runWith(ctx, root, []string{"GOOS=linux", "CGO_ENABLED=0"}, "go", "build", "-tags", "lambda.norpc",
		"-trimpath", "-ldflags=-s -w", "-o", filepath.Join(into, "bootstrap"), "./functions")
}

// synthesize runs the AWS CDK to write the templates, with settings in its context.
func synthesize(ctx context.Context, root, cdk, code, into string, settings map[string]string) error {
	// The program is already built, so the build command of cdk.json has nothing to do.
	arguments := []string{
		"synth",
		"--quiet",
		"--build",
		"true",
		"--output",
		into,
		"--context",
		"emulated=true",
		"--context",
		"code=" + code,
		"--context",
		"baseUrl=" + placeholder,
	}
	for name, value := range settings {
		arguments = append(arguments, "--context", name+"="+value)
	}
	environment := []string{
		"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1",
		"JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION=1",
		"JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1",
		"CDK_DISABLE_CLI_TELEMETRY=true",
		"AWS_REGION=" + firstRegion,
	}
	return runWith(ctx, root, environment, cdk, arguments...)
}
