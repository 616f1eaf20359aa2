//go:build cdk

package main

import (
	"fmt"
	"os"

	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/infra/aws/stacks"
)

func main() {
	defer jsii.Close()
	if err := stacks.Synthesize(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		jsii.Close()
		os.Exit(1)
	}
}
