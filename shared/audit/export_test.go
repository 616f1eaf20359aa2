package audit

// Bounded returns a log with smaller bounds.
func Bounded(l *Log, exactTotal, readAtMost int) *Log {
	return &Log{journal: l.journal, exactTotal: exactTotal, readAtMost: readAtMost}
}
