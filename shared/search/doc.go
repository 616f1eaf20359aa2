// Package search is an index of documents: it filters them by terms, searches their text for any
// part of it, sorts them by several orders, and counts exactly. The rows of each space are kept in
// the derived table and can be rebuilt from the documents. The number of requests for an answer is
// bounded and does not grow with the number of documents. The package does not know what the
// documents are or who may see them: the caller derives the space from the authorized scope.
//
// # Terms
//
//	number      identifies a document in its space
//	n-gram      two, three or four consecutive letters of a text
//	block       a range of numbers: 65,536 of an n-gram (B), 4,096 of a term (V)
//	region      a range of 1,048,576 numbers of an n-gram (R)
//	generation  the rows of one build of the index (G)
//	fresh       said of a text whose n-grams are not written yet
//	packing     writing the n-grams of many fresh texts together
//
// # Rows
//
// All rows are in the derived table. N is the number of a document.
//
//	partition                sort            content
//	space#INDEX              STATE           generation, totals, rebuild; changes with every write
//	space#INDEX              NEXT            the same for a generation that is being built and is written
//	space#INDEX#GONE         N               version at which a document was removed, for 30 days
//	space#INDEX#G#DOCUMENT   N               version, terms, orders, hash of the text, data
//	space#INDEX#G#TEXT       N               the folded text
//	space#INDEX#G#FRESH      N               the mark of a fresh text
//	space#INDEX#G#TERM#bb    field#value#N/V the set of the documents that have the term
//	space#INDEX#G#GRAM#bb    gram#hN/R       head: the latest documents with the n-gram, and its other rows
//	space#INDEX#G#GRAM#bb    gram#sN/R       compacted row: the other documents, if they are few
//	space#INDEX#G#GRAM#bb    gram#bN/B       the other documents of a block, if they are many
//	space#INDEX#G#ORDER#name value N         empty: the key is the order
//	space#INDEX#G#COUNT      field#value     the number of documents that have the term
//	space#INDEX#G#NUMBER     N/B             while G is being built: the numbers of a block
//	space#INDEX#G#LATE       N               while G is being built: the mark of a change, with its version
//
// # Access patterns
//
// The costs are for a million documents and pages of p documents. Requests are those to the table; R
// and W are read and write units of Amazon DynamoDB. The tests check these figures.
//
//	put a new document       4 requests, R 31, W 74 with 15 terms and 6 orders;
//	                         including packing, on average about R 90, W 190 with 10 terms and 4 orders
//	put a changed status     4 requests, R 10, W 20
//	list by number           2 requests, R p/4 to p, depending on size
//	list by an order         2 requests and one for each 100 of p, R p
//	list by one term         3 requests and one for each 100 of p, R p
//	list by several terms    the same; the first page also takes a request and R 40 for each further term
//	search                   4 to 10 requests, R 10 (a number) to 2p (a common word);
//	                         up to 60 requests and R 2,000 for a phrase of common words
//	totals of a field        2 requests, R 1 for 40 values
//
// # Consistency
//
// A change is one transaction. It includes the row of the state and is conditional on every version
// read. The n-grams of a text are written later; until then the text is fresh, and searches read the
// text itself. An n-gram only ever gains numbers. Each row is written conditional on the version
// read, and numbers move from a head to other rows in one transaction (see places.go). Superfluous
// numbers do no harm, because every candidate is compared with its text. The mark of a fresh text is
// removed last, in a transaction that checks that the text is still the one packed. A search reads
// the marks before the n-grams, so it finds each text in one or the other.
//
// # Rebuilding
//
// A rebuild writes a new generation in parts of some ten thousand documents. What is done is noted in
// the state after each part, so any process can go on, and a part that was interrupted is undone
// and written again (see undo.go). Searches do not see the new generation until one write to the
// state switches to it. Until then changes go to the current generation as ever, and leave a mark. At
// the end the rebuild reads the marked documents again, applies them to the new generation like any
// other change, and switches when no mark is left. For the last few it refuses changes for some
// seconds; their messages are delivered again.
//
// A worker holds a lease of some minutes, which it renews before it writes, so that two never write
// the same part.
//
// A rebuild writes about nine units a document (8.2 at 50,000 documents, 9.0 at 200,000), mostly for rows
// of their own; the rows of n-grams are written once in each part. Removing the former generation takes
// as many. A new on-demand table of Amazon DynamoDB starts with 4,000 units a second, so each of the two
// takes some forty minutes for a million documents, or more if a single partition, such as that of an
// order, reaches its limit of 1,000 units a second.
// Use it for a new form of the documents or rows, and after damage, but not every night.
package search
