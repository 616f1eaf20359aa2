package kit

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// Visit is one request for a page.
type Visit struct {
	W http.ResponseWriter
	R *http.Request
	// By is the caller; nil if nobody is logged in.
	By *identity.Principal

	kit   *Kit
	about endpoint.About
	route Route
	// csrf is the CSRF token of the forms in the response.
	csrf string
	// place is where the page is, for the shell; its zero value is no place.
	place identity.Place
	// branding is what At has begun to read; nil before.
	branding *pending
	trail    []Link
	// submission is the submitted form, if it has a one-time value; location is the target of the
	// redirect.
	submission *endpoint.Submission
	location   string
	flash      *Flash
	// formTo is the origin of another host that a form of the page is sent to; "" for none.
	formTo string
	// read is how the reader reads pages; nil until somebody asks.
	read *reading
}

// serve wraps every page: it identifies the caller, applies the rate limits, checks the CSRF token
// and turns errors into pages.
func (k *Kit) serve(route Route) http.Handler {
	about := k.declaration(route)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &Visit{W: w, R: r, kit: k, about: about, route: route}
		done, err := k.settings.Accounts.IsSetUp(r.Context())
		if err == nil && !done && !route.First && route.Name != unknownName {
			http.Redirect(w, r, FirstPath, http.StatusSeeOther)
			return
		}
		if err != nil || done && route.First && !v.posted() {
			k.fail(v, orSetUp(err))
			return
		}
		v.R, err = k.gate.Admit(r, about)
		v.By = endpoint.Who(v.R.Context())
		if err == nil && (tooLong(r.URL.Path) || v.hidden()) {
			err = fault.Missing()
		}
		if v.By != nil {
			v.csrf = masked(k.gate.CSRF(*v.By))
		} else {
			v.csrf = masked(k.formToken(v))
		}
		if v.posted() && !route.Upload && !route.Sealed && (err == nil || fault.Is(err, fault.StepUp)) {
			err = cmp.Or(k.readForm(v), err) // no forged form is sent on once the password was given
		}
		if err != nil && v.loggedInMeanwhile() {
			_ = v.GoTo(LocalPath(v.Raw("next"))) // never returns an error
			return
		}
		if err != nil && done && route.First {
			err = orSetUp(nil)
		}
		if err == nil && v.R.PostForm != nil && !route.Session {
			v.Submit(v.R.PostForm.Get(OnceField), func() string { return Fingerprint(v.R.PostForm) })
		}
		if err == nil {
			err = route.Handle(v)
		}
		if err == nil {
			k.gate.Visited(v.R.Context(), v.R.PathValue("org_id"))
			if v.By != nil && !route.Poll && !v.posted() {
				k.settings.Accounts.Visited(v.R.Context(), *v.By, v.place)
			}
		}
		if err = k.sent(v, err); err != nil {
			k.fail(v, err)
		}
	})
}

// longestPart is the maximum length of a part of a path in bytes; no name of an object is as long.
const longestPart = 200

func tooLong(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool { return len(part) > longestPart })
}

// hidden reports whether the page is one of the platform's, and the caller does not work for it.
func (v *Visit) hidden() bool {
	return v.By != nil && !v.By.WorksForPlatform() &&
		(v.R.URL.Path == platformPath || strings.HasPrefix(v.R.URL.Path, platformPath+"/"))
}

// FirstPath is the address of the page of the first start.
const FirstPath = "/setup"

// SetUp is the fault for the page of the first start once there is an operator.
func SetUp() error { return orSetUp(nil) }

// orSetUp returns err, or the fault for the page of the first start once there is an operator.
func orSetUp(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.NotFound, "This installation is already set up. Log in, or ask an operator for an invitation.")
}

func (v *Visit) posted() bool { return strings.HasPrefix(v.route.Pattern, http.MethodPost) }

// Context returns the context of the request.
func (v *Visit) Context() context.Context { return v.R.Context() }

// Now returns the present time.
func (v *Visit) Now() time.Time { return v.kit.settings.Now() }

// Path returns a parameter of the path.
func (v *Visit) Path(name string) string { return v.R.PathValue(name) }

// Query returns a parameter of the URL.
func (v *Visit) Query(name string) string { return v.R.URL.Query().Get(name) }

// Text returns a form field with Unix line breaks; browsers send CRLF.
func (v *Visit) Text(name string) string { return UnixLines(v.R.PostForm.Get(name)) }

// UnixLines replaces the line breaks of browsers by those of Unix.
func UnixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// Line returns a form field of one line.
func (v *Visit) Line(name string) string { return strings.TrimSpace(v.R.PostForm.Get(name)) }

// Version returns the version that a form was made from; an impossible one if it was tampered with.
func (v *Visit) Version() int64 {
	number, err := strconv.ParseInt(v.Line("version"), 10, 64)
	if err != nil || number <= 0 {
		return math.MaxInt64
	}
	return number
}

// Raw returns a form field as it was sent. Passwords are read this way.
func (v *Visit) Raw(name string) string { return v.R.PostForm.Get(name) }

// Ticked reports whether a tick box of the form is ticked.
func (v *Visit) Ticked(name string) bool { return v.R.PostForm.Get(name) != "" }

// Several returns all values of a form field.
func (v *Visit) Several(name string) []string { return v.R.PostForm[name] }

// GoTo redirects the browser to another page of the portal.
func (v *Visit) GoTo(path string) error {
	v.location = path
	v.keepFlash()
	http.Redirect(v.W, v.R, path, http.StatusSeeOther)
	return nil
}

// SetCookies adds cookies to the response.
func (v *Visit) SetCookies(cookies []http.Cookie) {
	for _, cookie := range cookies {
		http.SetCookie(v.W, &cookie)
	}
}

// At says at which place the page is; the shell shows it, with the menu of the place.
func (v *Visit) At(place identity.Place) {
	v.place = place
	v.beginBrand()
}

// Trail says which pages lead to this one, the widest first.
func (v *Visit) Trail(links ...Link) { v.trail = links }

// May reports whether the caller has a permission at a place.
func (v *Visit) May(permission identity.Permission, place identity.Place) bool {
	return v.By != nil && v.By.May(permission, place)
}

// With returns the address of the present page with the parameters changed; "" removes one. The
// page goes too, because it belongs to the parameters that the list was read with.
func (v *Visit) With(changes map[string]string) string {
	query := v.R.URL.Query()
	query.Del(pagesParameter)
	for name, value := range changes {
		if value == "" {
			query.Del(name)
			continue
		}
		query.Set(name, value)
	}
	return addressOf(v.R.URL.Path, query)
}

func addressOf(path string, query url.Values) string {
	if encoded := query.Encode(); encoded != "" {
		return path + "?" + encoded
	}
	return path
}
