package mimepart

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/fault"
)

// TreeLimits limit the cost of parsing a mail.
type TreeLimits struct {
	HeaderBytes int // of all headers, those of the parts too
	Parts       int // of the MIME tree
	Depth       int // of multiparts in multiparts
}

// tree parses a mail in one pass over its lines: it finds the boundaries, enforces the limits, and
// has enmime decode each leaf. enmime could find the boundaries too, but it reads every byte once
// for each multipart around it, and twice as often for each one that is not closed, so that a mail
// of a few hundred bytes could keep it busy for hours.
type tree struct {
	ctx    context.Context
	raw    []byte
	limits TreeLimits
	root   *enmime.Part
	// around are the multiparts around the current line, the innermost last.
	around []container
	state  state
	// part is where the current part begins, with its headers; body is where its body begins;
	// position is where the current line begins.
	part, body, position int
	headerBytes, parts   int
	problem              func(string, ...any)
}

// container is an open multipart.
type container struct {
	boundary []byte
	node     *enmime.Part
	body     int
}

// state is what the current line belongs to.
type state uint8

const (
	inHeader  state = iota // the headers of a part
	inBody                 // the body of a leaf
	inBetween              // what stands before the first and behind the last part
)

// Read returns the parts of a mail. It returns a fault of code Invalid for more parts, deeper
// nesting or longer headers than the limits allow, and the error of a context that ends.
func Read(ctx context.Context, raw []byte, limits TreeLimits, problem func(string, ...any)) (*enmime.Part, error) {
	t := &tree{ctx: ctx, raw: raw, limits: limits, problem: problem}
	for t.position < len(raw) {
		end := bytes.IndexByte(raw[t.position:], '\n') + 1
		if end == 0 {
			end = len(raw) - t.position
		}
		if err := t.line(raw[t.position : t.position+end]); err != nil {
			return nil, err
		}
		t.position += end
	}
	if t.state == inHeader {
		if err := t.enter(t.position); err != nil {
			return nil, err
		}
	}
	t.endLeaf(t.position)
	if len(t.around) > 0 {
		problem("%d multiparts are not closed.", len(t.around))
		t.leave(0)
	}
	return t.root, nil
}

func (t *tree) line(line []byte) error {
	if len(t.around) > 0 && bytes.HasPrefix(line, []byte("--")) {
		if ended, err := t.boundary(line[2:]); ended || err != nil {
			return err
		}
	}
	if t.state != inHeader {
		return nil
	}
	if t.headerBytes += len(line); t.headerBytes > t.limits.HeaderBytes {
		return fault.New(fault.Invalid, "The headers of the mail are longer than %d bytes.", t.limits.HeaderBytes)
	}
	if blank(line) {
		return t.enter(t.position + len(line))
	}
	return nil
}

// boundary reports whether a line that begins with "--" ends the part, or a multipart around it. A
// multipart that is not closed ends with the one around it.
func (t *tree) boundary(line []byte) (bool, error) {
	for i := len(t.around) - 1; i >= 0; i-- {
		rest, ok := bytes.CutPrefix(line, t.around[i].boundary)
		last := bytes.HasPrefix(rest, []byte("--"))
		if !ok || !last && len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
			continue
		}
		if t.state == inHeader {
			if err := t.enter(t.position); err != nil {
				return true, err
			}
		}
		t.endLeaf(t.position)
		if last {
			t.leave(i)
			t.state = inBetween
			return true, nil
		}
		t.leave(i + 1)
		t.state, t.part = inHeader, t.position+2+len(line)
		if err := t.ctx.Err(); err != nil {
			return true, err
		}
		if t.parts++; t.parts > t.limits.Parts {
			return true, fault.New(fault.Invalid, "The mail has more than %d parts.", t.limits.Parts)
		}
		return true, nil
	}
	return false, nil
}

// enter ends the headers of a part; body is where its body begins.
func (t *tree) enter(body int) error {
	t.state, t.body = inBody, body
	header, err := enmime.ReadHeader(NewReader(t.raw[t.part:body]), NoErrors{})
	if err != nil {
		return nil //nolint:nilerr // the leaf says what is wrong
	}
	kind, parameters, _, err := MediaType(header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" || !strings.HasPrefix(kind, "multipart/") {
		return nil //nolint:nilerr // a type that cannot be read is no multipart; the leaf says what is wrong
	}
	if len(t.around) >= t.limits.Depth {
		return fault.New(fault.Invalid, "The mail is nested deeper than %d levels.", t.limits.Depth)
	}
	node := enmime.NewPart(kind)
	node.Header = header
	t.add(node)
	t.around = append(t.around, container{[]byte(parameters["boundary"]), node, body})
	t.state = inBetween
	return nil
}

// endLeaf decodes the leaf that ends before the given place, if there is one. The line
// end before a boundary belongs to the boundary (RFC 2046, 5.1.1).
func (t *tree) endLeaf(end int) {
	if t.state != inBody {
		return
	}
	if len(t.around) > 0 && end > t.body && end < len(t.raw) {
		end -= lineEnd(t.raw[t.body:end])
	}
	t.add(decode(t.raw[t.part:end], t.raw[t.body:end], t.problem))
	t.state = inBetween
}

// leave ends the multiparts inside the given number of outer ones. A multipart without parts
// declared another boundary than it uses; its body is kept as text.
func (t *tree) leave(outer int) {
	for _, c := range t.around[outer:] {
		if c.node.FirstChild == nil {
			c.node.Content = t.raw[c.body:t.position]
			t.problem("A multipart has no parts.")
		}
	}
	t.around = t.around[:outer]
}

func (t *tree) add(part *enmime.Part) {
	if len(t.around) > 0 {
		t.around[len(t.around)-1].node.AddChild(part)
	} else if t.root == nil {
		t.root = part
	}
}

func lineEnd(text []byte) int {
	switch {
	case bytes.HasSuffix(text, []byte("\r\n")):
		return 2
	case bytes.HasSuffix(text, []byte("\n")):
		return 1
	}
	return 0
}

// decode has enmime read one part. What it cannot read becomes text, so that a person can still see
// it.
func decode(whole, body []byte, problem func(string, ...any)) *enmime.Part {
	leaf, err := parser().ReadParts(NewReader(whole))
	if err != nil {
		problem("A part cannot be decoded: %v", err)
		leaf = enmime.NewPart("text/plain")
		leaf.Content = body
		if leaf.Header, err = enmime.ReadHeader(NewReader(whole[:len(whole)-len(body)]), NoErrors{}); err != nil {
			leaf.Content = whole
		}
		return leaf
	}
	var mistakes []string
	for _, mistake := range leaf.Errors {
		mistakes = append(mistakes, mistake.Error())
	}
	slices.Sort(mistakes) // enmime tells those of parameters in any order
	for _, mistake := range mistakes {
		problem("%s", mistake)
	}
	return leaf
}
