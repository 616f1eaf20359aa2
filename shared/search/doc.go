// Package search finds documents: by terms, by a part of their text, in several orders, with
// exact totals. It keeps a derived table's rows for each space, made from what its callers
// put in, and asks only a bounded number of requests for each answer, at a thousand
// documents as at a million. It knows nothing of what the documents are, nor who may see
// them: the caller derives the space from the scope that was authorized.
//
// # Rows
//
// All are in the derived table; G is the generation, V the numbers of a row of a term (4,096),
// B those of a block of a gram (65,536) and R those of a region of a gram (1,048,576), N a
// document's number.
//
//	partition                sort            holds
//	space#INDEX              STATE           generation, documents, rebuild; changed by every write
//	space#INDEX#GONE         N               version at which a document was removed, for 30 days
//	space#INDEX#G#DOCUMENT   N               version, terms, orders, hash of the text, data
//	space#INDEX#G#TEXT       N               the folded text
//	space#INDEX#G#FRESH      N               a text whose grams are not written yet
//	space#INDEX#G#TERM#bb    field#value#N/V set of the documents that have the term
//	space#INDEX#G#GRAM#bb    gram#hN/R       of the documents that may have the two, three or four letters, the last ones; what else there is
//	space#INDEX#G#GRAM#bb    gram#sN/R       the others, of a gram that is not common
//	space#INDEX#G#GRAM#bb    gram#bN/B       the others, of one that is
//	space#INDEX#G#ORDER#name value N         nothing: the key is the order
//	space#INDEX#G#COUNT      field#value     how many documents have it
//
// # Access patterns
//
// Costs are for a million documents; p is a page's size. A request is to the table; R and W
// are read and write units of Amazon DynamoDB. The tests hold the figures.
//
//	put a new document       4 requests, R 31, W 74 with 15 terms and 6 orders; with its text's packing, on the average, about R 90, W 190 with 10 terms and 4 orders
//	put a changed status     4 requests, R 10, W 20
//	list by number           2 requests, R p/4 to p, by size
//	list by an order         2 requests and one for each 100 of p, R p
//	list by one term         3 requests and one for each 100 of p, R p
//	list by several terms    the same; for the total, on the first page, a request and R 40 for each term more
//	search                   4 to 10 requests, R 10 (a number) to 2p (a common word); up to 60 requests and R 2,000 for a phrase of common words
//	totals of a field        2 requests, R 1 for 40 values
//
// # Nothing is lost
//
// A change is one transaction with the state's row, conditional on every version read. A text's
// grams are written later, many texts together (packing); until then the text is FRESH and
// searched as it is. A gram only ever gains numbers, each row on the version read, and moves
// some from its head to other rows in one transaction (places.go); what is found by them is
// compared with the text, so a number too many does no harm. The mark FRESH goes last, in a
// transaction that sees that the text is still the one packed. A search reads the marks before
// the grams, so each text is in one or the other.
//
// # Rebuilding
//
// A rebuild writes a generation of its own, which no search sees until the state's row
// switches to it in one write. While it lasts, Put refuses with a fault of code Unavailable: its
// message comes again, after the rebuild, which may have read the document before the
// change. A builder that stops is held for dead after some minutes; then changes go to the old
// generation again, and the state's row lets the dead one's switch fail for ever.
//
// A rebuild of a million documents writes about eight million rows, of mostly one write unit, and
// reads nothing but the documents; the former generation's rows are removed by as many writes. A
// new table of Amazon DynamoDB with on-demand capacity takes 4,000 units a second at first, so that
// is half an hour for the one and half an hour for the other, and more where one partition, as that
// of an order, is the limit with its 1,000 units a second; on one machine with two cores it is ten
// to twenty minutes. Changes wait until the new generation is there: their messages come again. It
// is not resumed: one that was cut short begins anew. So it is for a new form of the documents or
// the rows, and for damage, not for every night.
package search
