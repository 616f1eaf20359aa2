package spreadsheet

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
)

// Format is how a file of rows is written (RFC 4180).
type Format struct {
	// Separator separates values: one character; "" for a comma.
	Separator string `json:"separator,omitempty"`
	// ByteOrderMark begins the file with U+FEFF, by which spreadsheets know UTF-8.
	ByteOrderMark bool `json:"byte_order_mark,omitempty"`
}

// Check returns a fault of code Invalid if a file cannot be written with the separator.
func (f Format) Check() error {
	_, err := f.comma()
	return err
}

func (f Format) comma() (rune, error) {
	if f.Separator == "" {
		return ',', nil
	}
	r, size := utf8.DecodeRuneInString(f.Separator)
	if size != len(f.Separator) || r == utf8.RuneError || strings.ContainsRune("\"\r\n", r) || r == 0 {
		return 0, fault.InField("separator", "must be one character, and neither a quote nor a line break")
	}
	return r, nil
}

// bufferBytes is how many bytes are passed to the store at a time: for each, both sides wait for one another.
const bufferBytes = 64 << 10

// Put stores a file of rows under a key, as they are written: the file may have any size up to most
// bytes. It disarms each cell.
func (f Format) Put(
	ctx context.Context, files blob.Store, key string, most int64, rows func(write func(cells []string) error) error,
) (blob.Written, error) {
	comma, err := f.comma()
	if err != nil {
		return blob.Written{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, writer := io.Pipe()
	go func() {
		buffered := bufio.NewWriterSize(writer, bufferBytes) // which the writer of rows uses as it is
		out := csv.NewWriter(buffered)
		out.Comma, out.UseCRLF = comma, true
		var err error
		if f.ByteOrderMark {
			_, err = buffered.WriteString("\uFEFF")
		}
		if err == nil {
			err = rows(func(cells []string) error {
				safe := make([]string, len(cells))
				for i, cell := range cells {
					safe[i] = Disarmed(cell)
				}
				return out.Write(safe)
			})
		}
		out.Flush()
		writer.CloseWithError(errors.Join(err, out.Error()))
	}()
	written, err := files.Put(ctx, key, reader, most)
	return written, errors.Join(err, reader.Close())
}
