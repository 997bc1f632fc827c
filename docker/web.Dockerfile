# syntax=docker/dockerfile:1
# Web, gate, DICOM node, gateway and the workers without a GPU: one image, the command chooses.
# Built from the repository root: docker build -f docker/web.Dockerfile -t chboneai-web .
FROM node:22.19.0-bookworm-slim AS front-end
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
# The labelling manual and the guides are pages of the application.
COPY docs/labelling/ /src/docs/labelling/
COPY docs/guides/ /src/docs/guides/
RUN npm run build

FROM python:3.11.13-slim-bookworm
# fonts: Chinese on the picture that goes to the PACS; postgresql-client: `manage.py backup` and `restore`.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk postgresql-client \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    DJANGO_SETTINGS_MODULE=boneage_web.settings.prod BONEAGE_DATA_DIR=/data
WORKDIR /app
COPY requirements/base.lock requirements/ml-cpu.lock requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/base.lock \
    && pip install --no-cache-dir --no-deps --require-hashes -r requirements/ml-cpu.lock
COPY manage.py LICENSE ./
COPY boneage_web/ boneage_web/
COPY annotations/ annotations/
COPY inference/ inference/
COPY training/ training/
COPY --from=front-end /src/frontend/dist frontend/dist
RUN useradd --system --uid 10001 --user-group --no-create-home boneage && install -d -m 0700 -o boneage -g boneage /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "web"]
