package cloud

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The versions of the tools: the emulator, and the AWS CDK's command line.
const (
	MiniStackVersion = "1.4.21"
	CDKVersion       = "2.1148.1"
)

// tools installs programs below a folder, each once.
type tools struct{ folder string }

// miniStack returns the emulator's program, which has a Python environment of its own.
func (t tools) miniStack(ctx context.Context) (string, error) {
	folder := filepath.Join(t.folder, "ministack-"+MiniStackVersion)
	program := filepath.Join(folder, "bin", "ministack")
	return program, install(folder, program, func() error {
		if err := run(ctx, "", "python3", "-m", "venv", folder); err != nil {
			return fmt.Errorf("MiniStack needs Python 3 with venv: %w", err)
		}
		return run(ctx, "", filepath.Join(folder, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check",
			"ministack=="+MiniStackVersion)
	})
}

// cdk returns the program of the AWS CDK's command line, which the Makefile installs in the same
// folder.
func (t tools) cdk(ctx context.Context) (string, error) {
	folder := filepath.Join(t.folder, "cdk-"+CDKVersion)
	program := filepath.Join(folder, "node_modules", ".bin", "cdk")
	return program, install(folder, program, func() error {
		err := run(ctx, "", "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder,
			"aws-cdk@"+CDKVersion)
		if err != nil {
			return fmt.Errorf("the AWS CDK needs Node.js 20 or newer with npm: %w", err)
		}
		return nil
	})
}

// install runs steps that fill a folder, unless the program exists. It removes what failed steps
// left behind.
func install(folder, program string, steps func() error) error {
	if _, err := os.Stat(program); err == nil {
		return nil
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	if err := steps(); err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	return nil
}

// run runs a program in a folder. If it fails, the error contains its output.
func run(ctx context.Context, folder, program string, arguments ...string) error {
	return runWith(ctx, folder, nil, program, arguments...)
}

func runWith(ctx context.Context, folder string, environment []string, program string, arguments ...string) error {
	command := exec.CommandContext(ctx, program, arguments...) //nolint:gosec // the callers here name the programs
	command.Dir, command.Env = folder, append(os.Environ(), environment...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	return nil
}
