# The tracker with PostgreSQL and workers; docs/scaling/compose.yaml builds it. The locked versions come first, so that
# they are installed anew only when the lock changes.
FROM python:3.11-slim

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements-scale.lock ./
RUN pip install --require-hashes -r requirements-scale.lock
COPY pyproject.toml README.md LICENSE ./
COPY spiders spiders
COPY tracker tracker
COPY dashboard dashboard
RUN pip install --no-deps --no-build-isolation . && mkdir /data && chown nobody /data

USER nobody
ENV TRACKER_DATA_DIR=/data
VOLUME /data
EXPOSE 8501
ENTRYPOINT ["tracker"]
