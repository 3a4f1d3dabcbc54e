# Thin: what each target does stands in scripts/.
DIST = artifacts/dist

.PHONY: run test build publish format clean install

run: publish
	@scripts/run $(DIST)

test: publish
	@scripts/setup tests
	@scripts/test

build:
	@scripts/setup
	dotnet build -c Release Flowd.slnx

publish:
	@scripts/setup
	@scripts/publish $(DIST)

format:
	dotnet format Flowd.slnx

# Compiles only what is not there, so that `make publish && sudo make install` leaves nothing of root's in the tree.
install:
	@[ -x $(DIST)/bin/flowd-reader ] || $(MAKE) publish
	scripts/install $(DIST) "$(DESTDIR)" "$(or $(PREFIX),/usr/local)"

clean:
	rm -rf artifacts run
