//go:build !cdk

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(
		os.Stderr,
		"infra/aws: this program was built without the AWS Cloud Development Kit. Run `make synth`, or build it "+
			"with -tags cdk.",
	)
	os.Exit(1)
}
