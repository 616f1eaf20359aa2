// Package devmail shows the mails of the outbox folder as web pages, for trying the product on one
// machine without sending anything. It must not be reachable by strangers, because the mails
// contain links that open accounts.
package devmail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/mailfolder"
)

// pageSize is the number of mails on a page of the list.
const pageSize = 50

// framePolicy is for the mail inside its frame: its own styles, and nothing from elsewhere.
const framePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

// Handler shows an outbox under /dev/mail.
type Handler struct {
	outbox *mailfolder.Folder
	log    *slog.Logger
	routes *http.ServeMux
}

// New returns the handler of /dev/mail, /dev/mail/{id} and /dev/mail/{id}/raw.
func New(box *mailfolder.Folder, log *slog.Logger) *Handler {
	h := &Handler{outbox: box, log: log, routes: http.NewServeMux()}
	h.routes.HandleFunc("GET /dev/mail", h.list)
	h.routes.HandleFunc("GET /dev/mail/{id}", h.show)
	h.routes.HandleFunc("GET /dev/mail/{id}/raw", h.raw)
	return h
}

// ServeHTTP responds with a page that may neither load nor run anything.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy(styleHash()))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	h.routes.ServeHTTP(w, r)
}

// policy allows a page the given styles and nothing else.
func policy(styles string) string {
	return "default-src 'none'; style-src " + styles +
		"; img-src data:; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
}

// styleHash returns the policy's source for the one style sheet of the pages.
func styleHash() string {
	digest := sha256.Sum256([]byte(styleSheet))
	return "'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'"
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) {
	page, err := h.outbox.List(pageSize, r.URL.Query().Get("before"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	rows := make([]row, len(page.Mails))
	for i, mail := range page.Mails {
		rows[i] = row{Mail: mail, Subject: h.subject(mail.ID)}
	}
	h.write(w, r, listPage(rows, page.Next, r.URL.Query().Has("before")))
}

// row is one line of the list.
type row struct {
	mailfolder.Mail
	Subject string
}

func (h *Handler) subject(id string) string {
	mail, err := h.outbox.Get(id)
	if err != nil {
		return "(cannot be read)"
	}
	return read(mail.Raw).Subject
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) {
	mail, err := h.outbox.Get(r.PathValue("id"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	// A frame with srcdoc inherits the policy of its page, so this page must allow the styles in
	// the mail. Scripts are forbidden twice: by the policy and by the sandbox.
	w.Header().Set("Content-Security-Policy", policy("'unsafe-inline'"))
	h.write(w, r, mailPage(mail, read(mail.Raw)))
}

func (h *Handler) raw(w http.ResponseWriter, r *http.Request) {
	mail, err := h.outbox.Get(r.PathValue("id"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "message/rfc822")
	w.Header().Set("Content-Disposition", `attachment; filename="`+mail.ID+`.eml"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(mail.Raw)))
	if _, err := w.Write(mail.Raw); err != nil {
		h.log.WarnContext(r.Context(), "mail page not sent", "cause", err)
	}
}

// write renders the whole page before sending the first byte.
func (h *Handler) write(w http.ResponseWriter, r *http.Request, page templ.Component) {
	var out bytes.Buffer
	if err := page.Render(r.Context(), &out); err != nil {
		h.fail(w, r, fmt.Errorf("devmail: render: %w", err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if _, err := out.WriteTo(w); err != nil {
		h.log.WarnContext(r.Context(), "mail page not sent", "cause", err)
	}
}

func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	if fault.Is(err, fault.NotFound) {
		http.Error(w, "There is no such mail.", http.StatusNotFound)
		return
	}
	h.log.ErrorContext(r.Context(), "mail page failed", "cause", err)
	http.Error(w, "The mails cannot be read.", http.StatusInternalServerError)
}
