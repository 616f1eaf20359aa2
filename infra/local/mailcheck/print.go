package mailcheck

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/tenantry/tenantry/shared/identity"
)

// Usage shows how to call the command.
const Usage = "tenantry mail-check [--json] [--senders FILE] FOLDER"

// Run runs the command with its arguments.
func Run(ctx context.Context, arguments []string, domain string, out io.Writer) error {
	options, asJSON, err := read(arguments, domain)
	if err != nil {
		return err
	}
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		return Check(ctx, options, func(r Result) error { return encoder.Encode(r) })
	}
	return table(ctx, options, out)
}

func read(arguments []string, domain string) (options Options, asJSON bool, err error) {
	options.Domain = domain
	for len(arguments) > 0 {
		switch first := arguments[0]; {
		case first == "--json":
			asJSON = true
		case first == "--senders" && len(arguments) > 1:
			if options.Known, err = senders(arguments[1]); err != nil {
				return options, asJSON, err
			}
			arguments = arguments[1:]
		case strings.HasPrefix(first, "-") || options.Folder != "":
			return options, asJSON, errors.New("usage: " + Usage)
		default:
			options.Folder = first
		}
		arguments = arguments[1:]
	}
	if options.Folder == "" {
		return options, asJSON, errors.New("usage: " + Usage)
	}
	info, err := os.Stat(options.Folder)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder: give a folder with one raw message per file", options.Folder)
	}
	return options, asJSON, err
}

// senders reads a list of addresses, one per line; lines that begin with # are comments.
func senders(path string) (map[string]bool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		address := identity.NormalEmail(line)
		if address == "" || strings.HasPrefix(address, "#") {
			continue
		}
		if err := identity.CheckEmail("address", address); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, number, err)
		}
		known[address] = true
	}
	return known, nil
}

// widest is the maximum number of characters of a text in the table.
const widest = 48

func table(ctx context.Context, options Options, out io.Writer) error {
	rows := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	_, err := fmt.Fprintln(rows, "FILE\tBECOMES\tREASON\tFROM\tSUBJECT\tTEXT\tATTACHMENTS\tTIME")
	if err != nil {
		return err
	}
	counts := map[string]int{}
	slowest := Result{}
	err = Check(ctx, options, func(r Result) error {
		counts[strings.TrimSpace(r.Became+" "+r.Reason)]++
		if r.Millis > slowest.Millis {
			slowest = r
		}
		var files []string
		for _, file := range r.Attachments {
			files = append(files, fmt.Sprintf("%s (%d)", short(file.Name), file.Bytes))
		}
		_, err := fmt.Fprintf(rows, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.1f ms\n", short(r.File), r.Became, r.Reason,
			short(r.From), short(r.Subject), short(r.Text), strings.Join(files, ", "), r.Millis)
		return err
	})
	if err := errors.Join(err, rows.Flush()); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if _, err := fmt.Fprintf(out, "%6d  %s\n", counts[name], name); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "The slowest took %.1f ms: %s\n", slowest.Millis, slowest.File)
	return err
}

// short returns a text on one line, truncated if it is long.
func short(text string) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > widest {
		return string(line[:widest-1]) + "…"
	}
	return string(line)
}
