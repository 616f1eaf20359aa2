// Command bench measures how fast the program of the Lambda functions starts, compared in one run
// with a minimal program that uses the same library: from the start of the process until it asks
// the runtime API for its first event. It also reports the size of the program, unpacked and
// zipped.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/infra/aws/emulated/processes"
	"github.com/tenantry/tenantry/shared/store/queue"
)

func main() {
	rounds := flag.Int("rounds", 40, "how often each program is started")
	limit := flag.Duration("limit", 15*time.Minute, "time limit for the whole run")
	flag.Parse()
	ctx, cancel := context.WithTimeoutCause(context.Background(), *limit, fmt.Errorf("not finished within %v", *limit))
	err := run(ctx, os.Stdout, *rounds)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// starts are the measured functions: one that reads, one that hashes passwords, a worker, the
// pages.
var starts = []string{"cases.get", "accounts.login", "mail.receive", "pages"}

func run(ctx context.Context, out io.Writer, rounds int) error {
	folder, err := os.MkdirTemp("", "tenantry-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // temporary, so errors do not matter
	const module = "github.com/tenantry/tenantry/"
	for name, source := range map[string]string{"hello": module + "infra/aws/bench/hello",
		"tenantry": module + "functions"} {
		program := filepath.Join(folder, name, "bootstrap")
		flags := []string{"build", "-tags", "lambda.norpc", "-trimpath", "-ldflags=-s -w", "-o", program, source}
		build := exec.CommandContext(ctx, "go", flags...) //nolint:gosec // the arguments are fixed
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", name, err, output)
		}
	}
	secrets := httptest.NewServer(http.HandlerFunc(secret))
	defer secrets.Close()
	times := map[string][]time.Duration{}
	for round := range rounds {
		for _, name := range append([]string{"hello"}, starts...) {
			if ctx.Err() != nil {
				return fmt.Errorf("start %s, %d of %d: %w", name, round+1, rounds, context.Cause(ctx))
			}
			took, err := start(folder, name, secrets.URL)
			if err != nil {
				return fmt.Errorf("start %s, %d of %d: %w", name, round+1, rounds, err)
			}
			times[name] = append(times[name], took)
		}
	}
	least := median(times["hello"])
	_, _ = fmt.Fprintf(out, "start, median of %d:\n  hello            %6.1f ms\n", rounds, milliseconds(least))
	for _, name := range starts {
		_, _ = fmt.Fprintf(out, "  %-16s %6.1f ms   ratio %.2f (aim: at most 2)\n",
			name, milliseconds(median(times[name])), float64(median(times[name]))/float64(least))
	}
	return sizes(out, filepath.Join(folder, "tenantry", "bootstrap"))
}

// start starts a program once and returns how long it took until it asked for an event.
func start(folder, name, endpoint string) (time.Duration, error) {
	code := "tenantry"
	if name == "hello" {
		code = name
	}
	environment := map[string]string{
		"TENANTRY_TABLE_CORE":     "core",
		"TENANTRY_TABLE_AUDIT":    "audit",
		"TENANTRY_TABLE_DERIVED":  "derived",
		"TENANTRY_BUCKET":         "files",
		"TENANTRY_SECRET_ARN":     "secret",
		"TENANTRY_BASE_URL":       "https://portal.example.com",
		"TENANTRY_MAIL_DOMAIN":    "help.example.com",
		"TENANTRY_CALLS_PER_HOUR": "5000",
		"TENANTRY_NOTICE_SECONDS": "5",
		"GOGC":                    "400", // as the stacks set them
		"GOMEMLIMIT":              "409MiB",
	}
	for _, name := range queue.Names() {
		variable := "TENANTRY_QUEUE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		environment[variable] = "https://queue.example.com/" + name
	}
	var log []string
	program := processes.NewProgram(processes.Function{
		ARN:         "arn:aws:lambda:us-east-1:123456789012:function:" + name,
		Name:        name,
		Handler:     name,
		Version:     "1",
		Timeout:     time.Minute,
		Memory:      512,
		Folder:      filepath.Join(folder, code),
		Environment: environment,
	}, processes.Account{ID: "123456789012", Region: "us-east-1", Endpoint: endpoint},
		func(_, line string) { log = append(log, line) })
	defer program.Close()
	began := time.Now()
	if err := program.Start(); err != nil {
		return 0, fmt.Errorf("%w: %s", err, strings.Join(log, "; "))
	}
	return time.Since(began), nil
}

// secret responds as AWS Secrets Manager does.
func secret(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_, _ = fmt.Fprintf(w, `{"ARN":"secret","Name":"secret","SecretString":%q}`,
		strings.Repeat("s3cret-", 10)) // the end of the program is detected elsewhere
}

// sizes prints the size of a program, unpacked and zipped.
func sizes(out io.Writer, path string) error {
	program, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	writer.RegisterCompressor(zip.Deflate,
		func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestCompression) })
	entry, err := writer.Create("bootstrap")
	if err != nil {
		return err
	}
	if _, err := entry.Write(program); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "program: %.1f MB, zipped %.1f MB\n",
		float64(len(program))/1e6, float64(packed.Len())/1e6)
	return err
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
