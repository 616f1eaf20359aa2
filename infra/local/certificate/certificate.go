// Package certificate reads the certificate of a server from files, and reads it again when the files
// change, so that a renewed one is used without a restart. It knows no protocol but TLS.
package certificate

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// checkEvery is how often, at most, the files are looked at.
const checkEvery = 10 * time.Second

// Files are the files of a certificate, in PEM: the certificate with its chain, and its key. It is safe
// for concurrent use.
type Files struct {
	certificate, key string
	log              *slog.Logger
	now              func() time.Time

	mutex   sync.Mutex
	present *tls.Certificate
	stamp   stamp
	checked time.Time
}

// stamp tells whether files have changed.
type stamp struct{ certificate, key fileStamp }

type fileStamp struct {
	modified time.Time
	size     int64
}

// Read reads a certificate and its key; an error if they cannot be read, or do not belong together.
func Read(certificate, key string, log *slog.Logger, now func() time.Time) (*Files, error) {
	f := &Files{certificate: certificate, key: key, log: log, now: now}
	var err error
	if f.stamp, err = f.look(); err != nil {
		return nil, err
	}
	if f.present, err = f.load(); err != nil {
		return nil, err
	}
	f.checked = now()
	return f, nil
}

// Config returns the settings of a server with the certificate: TLS 1.2 (RFC 8996 retires what was
// before) or 1.3, with the cipher suites that Go considers safe.
func (f *Files) Config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.current(), nil },
	}
}

// current returns the certificate, read again if the files have changed. If the new ones cannot be used
// (one of them may not be written yet), the former certificate stays.
func (f *Files) current() *tls.Certificate {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	now := f.now()
	if now.Sub(f.checked) < checkEvery && !now.Before(f.checked) {
		return f.present
	}
	f.checked = now
	found, err := f.look()
	if err == nil && found == f.stamp {
		return f.present
	}
	var renewed *tls.Certificate
	if err == nil {
		renewed, err = f.load()
	}
	if err != nil {
		f.log.Error("a changed certificate cannot be used; the former one stays in use", "error", err)
		return f.present
	}
	f.present, f.stamp = renewed, found
	f.log.Info("a changed certificate is in use", "file", f.certificate, "until", renewed.Leaf.NotAfter)
	return f.present
}

func (f *Files) look() (stamp, error) {
	var found stamp
	for path, into := range map[string]*fileStamp{f.certificate: &found.certificate, f.key: &found.key} {
		info, err := os.Stat(path)
		if err != nil {
			return stamp{}, fmt.Errorf("the certificate cannot be read: %w", err)
		}
		*into = fileStamp{info.ModTime(), info.Size()}
	}
	return found, nil
}

func (f *Files) load() (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(f.certificate, f.key)
	if err != nil {
		return nil, fmt.Errorf("the certificate %s and the key %s cannot be used: %w", f.certificate, f.key, err)
	}
	if f.now().After(pair.Leaf.NotAfter) {
		f.log.Warn("the certificate has expired", "file", f.certificate, "since", pair.Leaf.NotAfter)
	}
	return &pair, nil
}
