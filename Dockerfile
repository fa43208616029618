FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json tsconfig.build.json ./
COPY .ci/build .ci/build
COPY bin bin
COPY src src
COPY schema schema
COPY jobs jobs
COPY seeds seeds
COPY bench bench
RUN .ci/build --production

FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    GOVBLOG_DATA_DIR=/data \
    GOVBLOG_HOST=0.0.0.0
WORKDIR /app
# The sources go along: pages, reference tables and the schema text lie among them.
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/govblog.cjs", "serve"]
