# Every target is one script; `make help` lists them.
.PHONY: help run test build bench fuzz lint format conformance clean

help:
	@echo "make run          install what is missing, build, serve on http://127.0.0.1:8080 (ARGS=\"--library ~/Pictures\")"
	@echo "make test         everything: lint, unit tests, release build, end-to-end tests, conformance"
	@echo "make build        the release build of the server"
	@echo "make conformance  all 517 cases of the Autobahn suite (needs a Python 2.7)"
	@echo "make bench        the benchmarks"
	@echo "make fuzz         the fuzz targets, for a bounded time"
	@echo "make lint         check the formatting of the Swift sources"
	@echo "make format       put the Swift sources into that format"
	@echo "make clean        remove what was built (the data folder stays)"

run:
	@scripts/run $(ARGS)

test:
	@scripts/test

build:
	@scripts/build

bench:
	@scripts/bench $(ARGS)

fuzz:
	@scripts/fuzz $(ARGS)

lint:
	@scripts/lint

format:
	@scripts/format

conformance:
	@scripts/conformance

clean:
	@scripts/clean
