# Web and CPU worker: one image, the command chooses. Built from the repository root:
#   docker build -f docker/web.Dockerfile -t chboneai-web .
FROM node:22-bookworm-slim AS front-end
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
# The labelling manual is a page of the application.
COPY docs/labelling/ /src/docs/labelling/
RUN npm run build

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=boneage_web.settings.prod BONEAGE_DATA_DIR=/data
WORKDIR /app
COPY requirements/base.lock requirements/ml-cpu.lock requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/base.lock \
    && pip install --no-cache-dir --no-deps --require-hashes -r requirements/ml-cpu.lock
COPY manage.py ./
COPY boneage_web/ boneage_web/
COPY annotations/ annotations/
COPY inference/ inference/
COPY training/ training/
COPY --from=front-end /src/frontend/dist frontend/dist
RUN useradd --system --uid 10001 --no-create-home boneage && install -d -o boneage /data
USER boneage
VOLUME /data
EXPOSE 8000
