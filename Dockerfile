# The image: the binary, the C library that it is linked with, and the certificates of the public authorities. No shell,
# no package manager, nobody but a numbered user. The steps are those of every other build: script/setup, cargo-leptos.
#
#   docker build --tag latchstring .
#
# deploy/README.md says how to run it.

ARG RUST=1.96-bookworm
ARG NODE=22-bookworm-slim

FROM node:${NODE} AS node

# The few lines that decide which tools are needed. The next stage copies only these, so a new dependency of ours does
# not compile the tools again.
FROM rust:${RUST} AS pins
WORKDIR /pins
COPY package.json package-lock.json .npmrc ./
COPY script/setup script/lib.sh script/
COPY Cargo.toml Cargo.lock /whole/
RUN grep '^rust-version = ' /whole/Cargo.toml >Cargo.toml && \
    grep -A 1 '^name = "wasm-bindgen"$' /whole/Cargo.lock >Cargo.lock

FROM rust:${RUST} AS build
RUN rustup target add wasm32-unknown-unknown
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
ENV XDG_CACHE_HOME=/cache
ENV PATH=/src/node_modules/.bin:/cache/latchstring/tools/bin:$PATH
COPY --from=pins /pins ./
RUN --mount=type=cache,target=/usr/local/cargo/registry script/setup server

# What is released is compiled afresh: only downloads are kept from one build to the next.
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo leptos build --release --precompress && \
    install -D target/release/latchstring /image/latchstring && \
    rm -rf target

# The files that the binary needs at run time, each at its own place. A look-up of a name asks the hosts file and DNS;
# both are in the C library, which only has to be told. SQLite sorts in /tmp what is large. At the end the binary proves
# that nothing is missing.
RUN set -eu; \
    ldd /image/latchstring >/libraries; \
    for file in $(grep -o '/[^ ]*' /libraries) /etc/ssl/certs/ca-certificates.crt; do \
        cp --parents --dereference "$file" /image; \
    done; \
    echo 'hosts: files dns' >/image/etc/nsswitch.conf; \
    install -d -m 1777 /image/tmp; \
    install -D -m 644 LICENSE /image/licenses/LICENSE; \
    install -D -m 644 domain/data/LICENSES.txt /image/licenses/common-passwords.txt; \
    install -d -m 700 /owned/data; \
    chroot /image /latchstring version

FROM scratch
LABEL org.opencontainers.image.title="Latchstring" \
      org.opencontainers.image.description="An identity server that anyone can run" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image /
COPY --from=build --chown=65532:65532 /owned /
ENV LATCHSTRING_ENV=production \
    LATCHSTRING_LISTEN=0.0.0.0:3000 \
    LATCHSTRING_DATA_DIR=/data
USER 65532:65532
# A settings file is found here: mount it as /data/latchstring.toml.
WORKDIR /data
VOLUME /data
EXPOSE 3000
# It asks /health/live: a database that is away is no reason to restart the server.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/latchstring", "probe"]
ENTRYPOINT ["/latchstring"]
CMD ["serve"]
