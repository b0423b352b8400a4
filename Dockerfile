# One image for every role. It is built from the same hashed lock as .venv; nothing else is fetched.
#
# A site with an index or certificates of its own hands them in as build secrets, so that they never stay in a layer:
#   docker build --secret id=pip_conf,src=pip.conf --secret id=pip_ca,src=ca.crt .
ARG PYTHON_IMAGE=python:3.12-slim-bookworm
FROM ${PYTHON_IMAGE}

ENV PYTHONUNBUFFERED=1 \
    PYTHONPATH=/opt/doudi \
    WAREHOUSE_HOME=/data \
    AIRFLOW_HOME=/data/state/airflow

RUN useradd --uid 50000 --gid 0 --no-create-home --home-dir /data doudi \
    && mkdir --mode 0700 /data \
    && chown 50000:0 /data

WORKDIR /opt/doudi
COPY requirements.txt ./
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf,required=false \
    --mount=type=secret,id=pip_ca,required=false \
    if [ -f /run/secrets/pip_ca ]; then export PIP_CERT=/run/secrets/pip_ca; fi; \
    python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt

COPY include ./include
COPY expectations ./expectations
COPY dbt_project ./dbt_project
COPY dags ./dags
RUN mkdir --mode 0700 /backups && chown 50000:0 /backups

USER 50000:0
VOLUME /data
CMD ["airflow", "version"]
