package smtp

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// encryption is how a connection is protected.
type encryption uint8

const (
	opportunistic encryption = iota // STARTTLS where the server offers it
	mandatory                       // STARTTLS, or no mail at all
	fromTheStart                    // TLS before the first word (port 465)
	none                            // in the clear
)

// server is a parsed setting.
type server struct {
	host, port     string
	encryption     encryption
	user, password string
	// hello is the name in EHLO.
	hello string
}

const form = "write smtp://user:password@host:587, smtps://user:password@host:465 or smtp://host:25"

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// parse parses a setting. Its errors say how to correct the setting and never repeat it, because it
// contains a password.
func parse(setting string) (server, error) {
	// url.Parse repeats its input in its errors; the cause is dropped on purpose.
	parsed, err := url.Parse(strings.TrimSpace(setting))
	if err != nil {
		return server{}, errors.New(
			"the setting of the mail server cannot be read: " + form + "; characters such as @ : / ? # % in the password must be written as %40 %3A %2F %3F %23 %25",
		)
	}
	s := server{host: parsed.Hostname(), port: parsed.Port(), hello: "localhost"}
	s.user = parsed.User.Username()
	s.password, _ = parsed.User.Password()
	switch {
	case parsed.Scheme != "smtp" && parsed.Scheme != "smtps":
		return server{}, errors.New("the setting of the mail server must begin with smtp:// or smtps://: " + form)
	case !hostName.MatchString(s.host) && net.ParseIP(s.host) == nil:
		return server{}, errors.New("the setting of the mail server names no host: " + form)
	case parsed.Path != "" && parsed.Path != "/":
		return server{}, errors.New("the setting of the mail server must end after the port: " + form)
	case (s.user == "") != (s.password == ""):
		return server{}, errors.New(
			"the setting of the mail server needs the user and the password, or neither: " + form,
		)
	}
	if err := s.options(parsed); err != nil {
		return server{}, err
	}
	if s.port == "" {
		s.port = s.defaultPort()
	}
	if s.user != "" && s.encryption == none && !loopback(s.host) {
		return server{}, errors.New(
			"the setting of the mail server would send the password unencrypted: leave tls=none away",
		)
	}
	return s, nil
}

// options reads the parameters, and derives what follows from the scheme and the credentials.
func (s *server) options(parsed *url.URL) error {
	switch {
	case parsed.Scheme == "smtps":
		s.encryption = fromTheStart
	case s.user != "":
		s.encryption = mandatory
	}
	for name, values := range parsed.Query() {
		value := values[0]
		switch {
		case name == "tls" && parsed.Scheme == "smtp" && value == "none":
			s.encryption = none
		case name == "tls" && parsed.Scheme == "smtp" && value == "mandatory":
			s.encryption = mandatory
		case name == "tls":
			return errors.New("the setting of the mail server allows tls=none or tls=mandatory, and with smtp:// only")
		case name == "hello" && hostName.MatchString(value):
			s.hello = value
		default:
			return fmt.Errorf(
				"the setting of the mail server has an option that is not known or has no fit value: %q; known are tls=none, tls=mandatory and hello=NAME",
				name,
			)
		}
	}
	return nil
}

func (s *server) defaultPort() string {
	switch {
	case s.encryption == fromTheStart:
		return "465"
	case s.user != "":
		return "587"
	default:
		return "25"
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
